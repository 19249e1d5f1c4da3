#!/bin/bash
set -o pipefail
cd "$(dirname "$0")" || exit $?

kubectl create configmap zookeeper-configuration --from-file=zoo.cfg --dry-run=client -o yaml |
  kubectl apply -f - || exit $?

# The server reads its configuration when it starts: another configuration makes another pod.
configuration=$(sha256sum <zoo.cfg | cut -c1-16) || exit $?
kubectl patch --local -f zookeeper.yaml -o yaml --type=merge \
  -p "{\"spec\":{\"template\":{\"metadata\":{\"annotations\":{\"configuration\":\"$configuration\"}}}}}" |
  kubectl apply -f - || exit $?
