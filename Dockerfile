# Each stage is made anew only when what it copies has changed: a change of the program makes three
# small layers, the dependencies stay. `make image-replay` carries these steps out without an engine.

# A tag can be pointed elsewhere, a digest cannot. Whoever wants the very same base in every build
# looks the tag's digest up and gives it: --build-arg PYTHON_DIGEST=@sha256:...
ARG PYTHON=3.13.13
ARG PYTHON_DIGEST=
FROM python:${PYTHON}-slim-bookworm${PYTHON_DIGEST} AS base

# All that is pinned, with what the program is built with.
FROM base AS dependencies
WORKDIR /src
RUN python3 -m venv /venv
COPY requirements.txt ./
RUN /venv/bin/pip install --no-cache-dir --disable-pip-version-check --only-binary=:all: \
      --require-hashes -r requirements.txt

# The program in a folder of its own, so that its layer is small.
FROM dependencies AS program
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY questions questions
COPY migrations migrations
RUN /venv/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps \
      --no-build-isolation --target /program .

# The dependencies without what only builds; setuptools is in the venvs of older Pythons.
FROM dependencies AS lean
RUN /venv/bin/pip uninstall --quiet --yes \
      editables hatchling pathspec pluggy tomlkit trove-classifiers setuptools pip

FROM base AS image
LABEL org.opencontainers.image.title="Drillmate" \
      org.opencontainers.image.description="The interview partner that lives where people already talk" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.licenses="MIT AND CC-BY-4.0"
# The base brings a pip that nothing here needs. The user's home is the volume: what the program
# keeps besides the database (the terminal chat's history) is kept there too.
RUN rm -rf /usr/local/bin/pip* /usr/local/lib/python3.*/site-packages/pip* \
 && useradd --uid 1000 --user-group --home-dir /data --no-create-home --shell /usr/sbin/nologin \
      drillmate \
 && install -d -o 1000 -g 1000 -m 0700 /data
COPY --from=lean /venv /venv
COPY --from=program /program /program
# The heartbeat is in /tmp and not in /data: it must not outlive the container, whose last beat would
# vouch for the next one, nor be shared by containers on one volume, where one would vouch for all.
# With a read-only root file system /tmp has to be a tmpfs; nothing else is written but /data.
ENV PATH=/program/bin:/venv/bin:$PATH \
    PYTHONPATH=/program \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DRILLMATE_DATABASE__URL=sqlite:////data/drillmate.db \
    DRILLMATE_HEALTH__FILE=/tmp/drillmate.beat
# A number, because Kubernetes cannot tell of a name whether it is root.
USER 1000:1000
WORKDIR /data
VOLUME /data
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 CMD ["drillmate", "health"]
ENTRYPOINT ["drillmate"]
CMD ["run"]
