# The bundle in dist/ needs nothing but node: what builds it stays behind in the first stage.
FROM node:26-trixie-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY scripts scripts
COPY src src
COPY tools tools
RUN npm run build

# Node 26, the current LTS, without a shell, a package manager or npm.
FROM gcr.io/distroless/nodejs26-debian13:nonroot

# Whoever publishes an image says where it comes from, and under which name the MCP registry knows it.
ARG MCP_SERVER_NAME=""
ARG SOURCE=""
ARG REVISION=""
LABEL io.modelcontextprotocol.server.name="${MCP_SERVER_NAME}" \
      org.opencontainers.image.title="quay-mcp" \
      org.opencontainers.image.description="A Model Context Protocol server that administers a Quay container registry" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.source="${SOURCE}" \
      org.opencontainers.image.revision="${REVISION}"

COPY LICENSE /licenses/LICENSE
COPY --from=build /build/dist/LICENCES.txt /licenses/LICENCES.txt
COPY --from=build /build/dist /quay-mcp

ENV NODE_ENV=production
# By number, so that Kubernetes can see that it is not root.
USER 65532:65532
EXPOSE 8787 9090
# Standard input and output, unless a command such as "http" follows.
ENTRYPOINT ["/nodejs/bin/node", "/quay-mcp/main.js"]
