# One image for web, worker and scheduler; docker-compose.yml says which one a container is.
FROM python:3.13-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DATA_DIR=/data
WORKDIR /srv/careline

# The lock alone first: the layer is kept until a dependency changes.
# What requirements.in names below "Embedded services" is for dev.py: databases and a browser's driver, half of what the lock weighs.
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

CMD ["gunicorn", "--config", "config/web.py", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", "--threads", "4", \
     "--access-logfile", "-", "--logger-class", "config.access_log.AccessLog", "--no-control-socket", "--worker-tmp-dir", "/dev/shm", "config.wsgi"]
