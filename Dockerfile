# Two stages, so that the image carries neither pip's cache nor build tools.
FROM python:3.13-slim AS build
WORKDIR /src
COPY requirements.txt ./
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY questions questions
COPY migrations migrations
RUN /venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.13-slim
RUN useradd --create-home --uid 1000 drillmate && install -d -o drillmate /data
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH DRILLMATE_DATABASE__URL=sqlite:////data/drillmate.db
USER drillmate
VOLUME /data
ENTRYPOINT ["drillmate"]
CMD ["run"]
