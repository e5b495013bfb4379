# One image for web, worker and scheduler; the command in docker-compose.yml selects the role.
FROM python:3.13-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DATA_DIR=/data
WORKDIR /srv/careline

# Copy the lock file first, so that this layer is cached until a dependency changes.
# Remove the packages below "Embedded services" in requirements.in: databases and a browser driver for dev.py, half of the total size.
COPY requirements.in requirements.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements.txt \
    && sed '1,/^# Embedded services/d' requirements.in | grep -oE '^[A-Za-z][A-Za-z0-9-]*' | xargs pip uninstall --yes --quiet \
    && pip check

COPY . .
RUN python -m compileall -q . \
    && useradd --system --uid 10001 --home-dir /data careline \
    && install -d -o careline -g careline /data /data/attachments
USER careline
VOLUME /data
EXPOSE 8000

CMD ["gunicorn", "--config", "config/gunicorn_settings.py", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", "--threads", "4", \
     "--access-logfile", "-", "--logger-class", "config.access_log.AccessLog", "--no-control-socket", "--worker-tmp-dir", "/dev/shm", "config.wsgi"]
