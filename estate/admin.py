"""The import pages of the administration: files are uploaded, rehearsed, then imported; every run stays on record."""

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from estate import runs, uploads
from estate.models import ImportRun
from estate.tables import TABLES
from policies.admin_pages import PagesAdmin
from tickets.services.lifecycle import NotNow
from web.paging import keyset
from web.spreadsheets import addresses, answer

HOME = "admin:estate_importrun_changelist"
TONES = {"done": "ok", "refused": "bad", "interrupted": "bad"}


@admin.register(ImportRun)
class ImportRunAdmin(PagesAdmin):
    """Import runs, which are started on their own pages and never edited or deleted."""

    folder = "estate"

    def get_urls(self):
        def page(address, view, name, methods):
            return path(address, self.admin_site.admin_view(methods(view)), name=f"estate_importrun_{name}")

        return [
            page("", self.list_view, "changelist", require_http_methods(["GET", "HEAD", "POST"])),
            page("<int:pk>/", self.run_view, "change", require_safe),
            page("<int:pk>/progress/", self.progress_view, "progress", require_safe),
            page("<int:pk>/do/", self.do_view, "do", require_POST),
            page("<int:pk>/problems.<table:kind>", self.problems_view, "problems", require_safe),
        ]

    def list_view(self, request):
        """Show the upload form and the previous runs. POST: upload files and start their rehearsal."""
        wrong = []
        if request.method == "POST":
            try:
                run = runs.start(request.FILES.getlist("files"), by=request.user, at=timezone.now())
                return HttpResponseRedirect(_page_of(run))
            except ValidationError as error:
                wrong = error.messages
        page = keyset(ImportRun.objects.select_related("by"), ("-asked_at", "-id"), request)
        context = {
            "runs": [_summary(run) for run in page.rows],
            "page": page,
            "wrong": wrong,
            "names": [table.file for table in TABLES],
            "most_bytes": uploads.MOST_BYTES,
            "most_unpacked": uploads.UNPACKED_BYTES,
        }
        return self.page(request, "imports", 400 if wrong else 200, title=_("Imports"), **context)

    def run_view(self, request, pk):
        """Show one run: its progress, what it would change or has changed or why it was refused, and the next steps."""
        run = _run(pk)
        return self.page(request, "run", title=_kind(run), **_run_context(run))

    def progress_view(self, request, pk):
        """Return the part of a run's page that the page polls while the run is active, and once more when it has ended."""
        run = _run(pk)
        return TemplateResponse(request, "admin/estate/_run.html", _run_context(run))

    def do_view(self, request, pk):
        """Perform the action of the pressed button: import, rehearse or discard."""
        run, by, at = _run(pk), request.user, timezone.now()
        what = request.POST.get("what")
        try:
            if what in ("import", "rehearse"):
                run = runs.start_again(run, is_rehearsal=what == "rehearse", by=by, at=at)
            elif what == "discard":
                runs.discard(run, by=by, at=at)
        except NotNow as error:
            messages.warning(request, str(error))
            run = runs.latest_of(run)
        return HttpResponseRedirect(_page_of(run))

    def problems_view(self, request, pk, kind):
        """Return all errors of a refused run as a file."""
        heading = (_("File"), _("Line"), _("Column"), _("Reason"))
        return answer(kind, f"import-{pk}-errors", heading, runs.all_problems(_run(pk)))


def _run(pk):
    return get_object_or_404(ImportRun.objects.select_related("by", "discarded_by"), pk=pk)


def _page_of(run):
    return reverse("admin:estate_importrun_change", args=[run.pk])


def _kind(run):
    return _("Import rehearsal") if run.is_rehearsal else _("Import")


def _summary(run):
    """Return the data of a run for the list and for the head of its page."""
    ended = run.finished_at and run.started_at
    return {
        "url": _page_of(run),
        "name": str(run),
        "files": run.files,
        "rows": sum(file.get("rows", 0) for file in run.files),
        "by": str(run.by) if run.by else _("command line"),
        "system_user": run.system_user,
        "at": run.asked_at,
        "is_rehearsal": run.is_rehearsal,
        "state": run.get_state_display(),
        "tone": TONES.get(run.state, ""),
        "seconds": (run.finished_at - run.started_at).total_seconds() if ended else None,
        "created": sum(change["created"] for change in run.changes),
        "changed": sum(change["changed"] for change in run.changes),
        "problem_count": run.problem_count,
    }


def _run_context(run):
    """Return the context of a run's page and of its polled part."""
    if runs.is_dead(run):
        run.state = ImportRun.State.INTERRUPTED
    is_moving = run.state in runs.MOVING
    latest = runs.latest_of(run)
    offered = runs.offered(run) if latest.pk == run.pk else {}
    rehearsal = None if run.is_rehearsal else runs.rehearsal_of(run)
    return {
        "run": _summary(run) | {"status": run.state, "finished_at": run.finished_at, "percent": runs.progress(run) if is_moving else None},
        "is_moving": is_moving,
        "progress_url": reverse("admin:estate_importrun_progress", args=[run.pk]) if is_moving else "",
        "do_url": reverse("admin:estate_importrun_do", args=[run.pk]) if any(offered.values()) else "",
        "offered": offered,
        "latest_url": _page_of(latest) if latest.pk != run.pk else "",
        "rehearsal_url": _page_of(rehearsal) if rehearsal else "",
        **_changes(run, rehearsal),
        "problems": _grouped(run.problems),
        "shown_count": len(run.problems),
        "downloads": addresses("admin:estate_importrun_problems", run.pk) if run.problems and run.folder and not run.files_gone_at else {},
        "files_gone_at": run.files_gone_at,
        "discarded_by": str(run.discarded_by or ""),
    }


def _grouped(problems):
    """Return the problems, each once with all of its lines: one mistake is often in every line, or causes others."""
    lines = {}
    for file, line, column, reason in problems:
        lines.setdefault((file, column, reason), []).append(line)
    return [
        {"file": file, "column": column, "reason": reason, "lines": [line for line in found if line]}
        for (file, column, reason), found in lines.items()
    ]


def _changes(run, rehearsal):
    """Return the figures for each file; `differs` if those of the import are not those of its rehearsal."""
    before = {change["file"]: change for change in rehearsal.changes} if rehearsal else {}
    changes = []
    for change in run.changes:
        was = before.get(change["file"], change)
        differs = any(change[name] != was[name] for name in ("created", "changed", "unchanged"))
        changes.append(change | {"was": was if differs else None})
    return {"changes": changes, "differs": any(change["was"] for change in changes)}
