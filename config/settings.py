"""Settings of Careline in one file; everything that differs between installations comes from the environment.

The README lists the variables of an installation; others are for tests and measurements. `config.embedded` sets DATABASE_URL and
REDIS_URL if nobody else has.
"""

from pathlib import Path

from config import logs
from config.database import database
from config.environment import Environment, wrong
from config.schedule import UNHURRIED, schedule

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment()

DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var")))
# The demo shows all outgoing e-mails and its own logins on local pages. Setting SECRET_KEY makes it a real installation.
DEMO = env.is_demo()
SECRET_KEY = env.secret_key(is_demo=DEMO)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"] if DEMO else [])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# Links in e-mails must work outside a request, in a worker.
SITE_URL = env.url("SITE_URL", default=f"http://127.0.0.1:{env.str('PORT', default='8000')}", schemes=("https", "http")).rstrip("/")

INSTALLED_APPS = [
    "config.apps.CarelineAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "policies",
    "partners",
    "knowledge",
    "billing",
    "pbx",
    "classound",
    "hwaas",
    "tickets",
    "desk",
    "inbound",
    "webhooks",
    "estate",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "config.static.CompressionMiddleware",
    "config.static.FilesMiddleware",
    "config.security.ContentSecurityPolicyMiddleware",
    "partners.sessions.SessionMiddleware",
    "config.slashes.SlashMiddleware",
    "config.content_length.ContentLengthMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.idempotency.IdempotencyMiddleware",
    "config.responses.ResponseMiddleware",
    "config.duplicate_submissions.DuplicateSubmissionMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

# Ours deliberately replace Django's i18n and static (docs/decisions/0160).
SILENCED_SYSTEM_CHECKS = ["templates.W003"]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context_processors.careline",
            ],
            # includes all of i18n and static, so that templates need no load tag
            "builtins": ["web.templatetags.careline", "web.templatetags.components", "web.templatetags.once"],
            "libraries": {"i18n": "web.templatetags.once", "static": "web.templatetags.once"},
        },
    },
]

FORM_RENDERER = "web.form_renderer.FormRenderer"

DATABASES = {"default": database(env.db("DATABASE_URL", default="postgresql:///careline"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Sign-in limits must hold while Redis is unavailable, so the cache is a database table.
CACHES = {
    # Large enough that a flood of invented addresses does not evict the counters of real ones (docs/decisions/0021).
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache_entries", "OPTIONS": {"MAX_ENTRIES": 20_000}},
}
# For hints (throttling, presence) and the queue; the prefix separates our keys from those of other applications.
REDIS_URL = env.url("REDIS_URL", default="redis://127.0.0.1:6379/0", schemes=("redis", "rediss", "unix"))
REDIS_PREFIX = env.str("REDIS_PREFIX", default="careline:")

AUTH_USER_MODEL = "partners.User"
AUTHENTICATION_BACKENDS = ["partners.sign_in.ActivePeople"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
_CHECKS = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_CHECKS}.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": f"{_CHECKS}.CommonPasswordValidator"},
    {"NAME": f"{_CHECKS}.UserAttributeSimilarityValidator", "OPTIONS": {"user_attributes": ("email", "full_name")}},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"

# Sign-in: address and password, then a code (docs/decisions/0020). Lifetime and attempts of the code are policy values.
ACCOUNT_ADAPTER = "partners.sign_in.SignIn"
ACCOUNT_FORMS = {
    "login": "partners.forms.SignInForm",
    "reset_password": "partners.forms.NewPasswordForm",
    "reset_password_from_key": "partners.forms.PasswordByLinkForm",
    "change_password": "partners.forms.AnotherPasswordForm",
}
ALLAUTH_SETTING_GETTER = "partners.sign_in_settings.setting"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_BY_CODE_REQUIRED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_REAUTHENTICATION_METHODS = ("password", "mfa")  # whoever finds an open session may find the mailbox open as well
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# allauth's own generator stores the address in a table of its own, which would still open the account after a change.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "send_code": "30/h/key",
    "reset_password": "10/m/ip,5/h/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
    # Unsolicited e-mails: from one company in total, and to one address.
    "invite": "30/h/key",
    "invite_address": "4/h/key",
    "address_changed": "20/h/key",
    "api_token": "20/h/key",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0, least=0)  # only what these add to X-Forwarded-For identifies the client
MFA_ADAPTER = "partners.sign_in.AuthenticatorApp"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Careline"
API_TOKEN_DAYS = env.int("API_TOKEN_DAYS", default=365, most=3650)
# Whether a second administrator must approve new policy values (docs/decisions/0189); off by default, for teams of one.
POLICY_APPROVAL = env.bool("POLICY_APPROVAL", default=False)

REST_FRAMEWORK = {
    # Sessions are for “Try it out” in the documentation; DRF checks the CSRF token with them.
    "DEFAULT_AUTHENTICATION_CLASSES": ["partners.api.TokenAuthentication", "rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["web.strict_json.StrictJSONParser"],
    "DEFAULT_THROTTLE_CLASSES": ["config.throttles.PerUser", "config.throttles.PerAddress"],
    "DEFAULT_METADATA_CLASS": "web.metadata.Metadata",
    "EXCEPTION_HANDLER": "web.problems.answer",
    "NON_FIELD_ERRORS_KEY": "",
}
API_CALLS_PER_MINUTE = env.int("API_CALLS_PER_MINUTE", default=1200)
API_ANONYMOUS_CALLS_PER_MINUTE = 120
SPECTACULAR_SETTINGS = {
    "TITLE": "Careline",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SORT_OPERATIONS": False,  # in the order of config/api.py: requests and actions before the estate
    "AUTHENTICATION_WHITELIST": ["partners.api.TokenAuthentication"],
    "ENUM_NAME_OVERRIDES": {"TicketStatus": "tickets.models.Ticket.Status", "DidStatus": "classound.models.Did.Status"},
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "config.openapi.complete"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
COUNTRIES_OVERRIDE = {"XK": "Kosovo"}  # a country without an official ISO 3166 code yet
TIME_ZONE = "UTC"
USE_TZ = True
FORMAT_MODULE_PATH = "config.formats"
USE_I18N = len(LANGUAGES) > 1  # one language needs no lookups

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = True
STORAGES = {
    "default": {"BACKEND": "engine.files.GeneratedNames"},
    "staticfiles": {"BACKEND": "config.static.DigestStorage"},
}
MEDIA_ROOT = DATA_DIR / "attachments"
MEDIA_URL = "/never-served/"
ATTACHMENT_MAX_BYTES = 10 * 1024 * 1024
# The number of files, and their total bytes, per message and per ticket (docs/decisions/0194).
ATTACHMENTS_OF_MESSAGE = (20, 50 * 1024 * 1024)
ATTACHMENTS_OF_TICKET = (300, 1024 * 1024 * 1024)
# The import page accepts one file as large as all files of a message, and no form accepts more, so a proxy needs only one limit.
LARGER_FILES = {"admin:estate_importrun_changelist": ATTACHMENTS_OF_MESSAGE[1]}
ATTACHMENT_FREE_BYTES = 200 * 1024 * 1024  # disk space that files must leave free
FILE_UPLOAD_HANDLERS = [
    "config.uploads.EndlessFiles",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "config.uploads.FilesOnDisk",
]
DATA_UPLOAD_MAX_NUMBER_FILES = 500  # so that dropping a whole folder leads to a message, not to an error page
# File name extensions allowed for each type, so that no computer mistakes a file for something else.
ATTACHMENT_TYPES = {
    "application/pdf": ("pdf",),
    "image/png": ("png",),
    "image/jpeg": ("jpg", "jpeg"),
    "image/gif": ("gif",),
    "text/plain": ("txt",),
    "text/csv": ("csv",),
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # selecting too many numbers leads to a message about the limit

MAILBOX_DIR = DATA_DIR / "mailbox"
EMAIL_BACKEND = env.str("EMAIL_BACKEND", default="config.mailbox.MailboxBackend" if DEMO else "django.core.mail.backends.smtp.EmailBackend")
globals().update({k: v for k, v in env.email_url("EMAIL_URL", default="smtp://localhost:25").items() if k != "EMAIL_BACKEND"})
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Careline <care@careline.example>")
# Replies by e-mail (docs/decisions/0238): the address whose subaddresses (care+...@) arrive in the mailbox read by IMAP.
INBOUND_EMAIL_URL = env.url("INBOUND_EMAIL_URL", default="", schemes=("imaps", "imap+tls", "imap"))
REPLY_ADDRESS = env.str("REPLY_ADDRESS", default="care@careline.example" if DEMO else "")
if bool(INBOUND_EMAIL_URL) != bool(REPLY_ADDRESS) and not DEMO:
    raise wrong("INBOUND_EMAIL_URL", "set together with REPLY_ADDRESS, or neither; e-mails to that address are read there")
INBOX_DIR = DATA_DIR / "inbox"  # in the demo, replies written on an e-mail's page are stored here
WEBHOOKS_WITHIN = DEMO  # whether webhooks may call this machine and its network, without TLS, for trials
INBOUND_MAX_BYTES = 75 * 1024 * 1024  # files of 50 MB as encoded in e-mails (RFC 2045)

CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)  # Celery's scheme for unix sockets
# The queue only carries hints: pending work is in the database (docs/decisions/0040), so a message may be lost, late or
# duplicated. Tasks are acknowledged when they begin: one that kills its worker is not redelivered immediately and for
# ever; the sweep queues it again and counts. Nothing is prefetched before a worker is free: a worker that holds
# messages when Redis dies does not reconnect (seen with Celery 5.7, kombu 5.7).
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = False
CELERY_WORKER_DISABLE_PREFETCH = True
CELERY_TASK_ROUTES = UNHURRIED
CELERY_TASK_DEFAULT_QUEUE = f"{REDIS_PREFIX}celery"  # otherwise two installations on one Redis would share a queue
# Printed output (the demo's e-mails) is not logged.
CELERY_WORKER_REDIRECT_STDOUTS = False
# Seconds: first an exception, which counts like any other failure, then the end of the process.
CELERY_TASK_SOFT_TIME_LIMIT, CELERY_TASK_TIME_LIMIT = 60, 90
# Worker and scheduler wait for the queue for as long as it takes ...
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# ... but a page waits only a moment: one attempt each to connect and to send, with timeouts.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS = {"max_retries": 0, "socket_connect_timeout": 0.5, "socket_timeout": 0.8}
SEARCH_SECONDS = env.float("SEARCH_SECONDS", default=2)  # time limit of the desk's searches and counts of saved views
LISTING_SECONDS = env.float("LISTING_SECONDS", default=20)  # time limit of a page's query, mostly of reports and files
SWEEP_SECONDS = env.int("SWEEP_SECONDS", default=10)
TROUBLE_MINUTES = env.int("TROUBLE_MINUTES", default=10)  # how long something is stalled before administrators get an e-mail
# Queued tasks that have not begun by then expire, so that none pile up; long enough for clocks that differ a little.
FORGET_SECONDS = 60
CELERY_BEAT_SCHEDULER = "config.beat_scheduler:Scheduler"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = schedule(sweep=SWEEP_SECONDS, forget=FORGET_SECONDS)

LOGGING = logs.LOGGING
SECURE_REFERRER_POLICY = "same-origin"
SESSION_ENGINE = "partners.sessions"
# One sign-in per working day.
SESSION_COOKIE_AGE = env.int("SESSION_HOURS", default=12, most=8760) * 3600
SESSION_IDLE_HOURS = env.int("SESSION_IDLE_HOURS", default=4, most=8760)  # of inactivity, after which a session ends (docs/decisions/0349)
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEMO
if SITE_URL.startswith("https://"):  # other hosts of the same domain cannot overwrite them (RFC 6265bis, 4.1.3)
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
if not DEMO:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31536000
