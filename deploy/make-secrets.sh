#!/bin/sh
# Makes what replicas share, once: the key that seals confirmations, and a Redis user of their own.
#   sh deploy/make-secrets.sh deploy/secrets
set -eu
folder=$1
if [ -e "$folder" ]; then
  echo "$folder is there already: its key and password are in use" >&2
  exit 1
fi
mkdir -m 700 "$folder"
# Nobody else can enter the folder; a container, to which single files are given, reads them as another user.
umask 022
random() {
  head -c 32 /dev/urandom | od -An -v -tx1 | tr -d " \n"
}
password=$(random)
random >"$folder/seal-key"
echo "QUAY_MCP_REDIS_URL=redis://quay-mcp:$password@redis:6379" >"$folder/redis.env"
cat >"$folder/redis-users.acl" <<USERS
user default off
user quay-mcp on >$password ~quay-mcp:* resetchannels -@all +eval +info +set +getdel +time +zadd +zcard +zscore +zrange +zrangebyscore +zrem +zremrangebyscore +hset +hget +hdel +hstrlen +pexpire +ping +hello +auth +select
USERS
