#!/bin/sh
# Runs a real server (Community Edition) in a container until you interrupt it. Then, in another terminal:
#   AEROSPIKE_HOST=127.0.0.1:18710 make test
#
# The server reports the addresses of its nodes to clients, so it must listen on the same port that is published.
set -eu
image=${AEROSPIKE_IMAGE:-docker.io/aerospike/aerospike-server:8.1}
port=${AEROSPIKE_PORT:-18710}

if command -v docker >/dev/null 2>&1 && docker info >/dev/null 2>&1; then engine=docker
elif command -v podman >/dev/null 2>&1; then engine=podman
else
  echo "run-aerospike-ce: no container engine runs here: install Docker (https://docs.docker.com/engine/install) or Podman" >&2
  exit 1
fi

# Passed through an environment variable and written to a file inside, because a remote engine cannot mount local files.
config="
service { cluster-name aerospike-napi; proto-fd-max 15000 }
logging { console { context any warning } }
network {
  service { address any; port $port; access-address 127.0.0.1 }
  heartbeat { mode mesh; address local; port 3002; interval 150; timeout 10 }
  fabric { address local; port 3001 }
}
namespace test { replication-factor 1; nsup-period 5; default-ttl 0; storage-engine memory { data-size 1G } }
namespace demo { replication-factor 1; nsup-period 5; default-ttl 0; storage-engine memory { data-size 1G } }
"
echo "==> $image on 127.0.0.1:$port, with the namespaces test and demo; Ctrl-C ends it"
exec "$engine" run --rm -i --name aerospike-napi-ce -p "127.0.0.1:$port:$port" \
  --ulimit nofile=15000:15000 -e "AEROSPIKE_CONFIG=$config" --entrypoint /bin/sh "$image" \
  -c 'printf "%s\n" "$AEROSPIKE_CONFIG" > /tmp/aerospike.conf && exec asd --foreground --config-file /tmp/aerospike.conf'
