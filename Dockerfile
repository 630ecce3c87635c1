# The CDS Hooks service. Built in two steps, so that the compiler that durable-rules needs stays behind.
#   docker build -t cdsrules .
#   docker run --read-only --tmpfs /tmp -p 8000:8000 -v ./settings:/etc/cdsrules:ro cdsrules
FROM python:3.13-slim-bookworm AS build
# Whatever version of the compiler Debian has will do; it does not come along.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --no-install-recommends --yes gcc libc6-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY src src
COPY rules rules
COPY schemas schemas
RUN python -m venv /opt/cdsrules \
    && /opt/cdsrules/bin/pip install --no-cache-dir ".[fast,postgres,server]"

FROM python:3.13-slim-bookworm
COPY --from=build /opt/cdsrules /opt/cdsrules
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin cdsrules \
    && install --directory --owner=cdsrules /var/lib/cdsrules
USER 10001
# Reached from outside the container, it starts only where the settings name who may call.
ENV PATH=/opt/cdsrules/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    CDSRULES_HOST=0.0.0.0 \
    CDSRULES_SETTINGS=/etc/cdsrules/service.toml
VOLUME /var/lib/cdsrules
EXPOSE 8000
# Whether it runs, not whether it is ready: to start it again mends no database that is away.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/health', timeout=4)"]
# SIGTERM lets calls that were begun be answered; SIGHUP loads the rules anew.
STOPSIGNAL SIGTERM
ENTRYPOINT ["cdsrules"]
CMD ["serve"]
