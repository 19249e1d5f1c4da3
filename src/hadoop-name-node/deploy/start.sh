#!/bin/bash
set -o pipefail
cd "$(dirname "$0")" || exit $?

kubectl create configmap hadoop-name-node-configuration --from-file=core-site.xml --from-file=hdfs-site.xml --dry-run=client -o yaml |
  kubectl apply -f - || exit $?

# The daemon reads its configuration when it starts: another configuration makes another pod.
configuration=$(cat core-site.xml hdfs-site.xml | sha256sum | cut -c1-16) || exit $?
kubectl patch --local -f hadoop-name-node.yaml -o yaml --type=merge \
  -p "{\"spec\":{\"template\":{\"metadata\":{\"annotations\":{\"configuration\":\"$configuration\"}}}}}" |
  kubectl apply -f - || exit $?
