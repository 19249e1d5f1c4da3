#!/bin/bash
set -o pipefail
cd "$(dirname "$0")" || exit $?

kubectl create configmap hbase-configuration --from-file=hbase-site.xml --dry-run=client -o yaml |
  kubectl apply -f - || exit $?

# The daemons read their configuration when they start: another configuration makes other pods.
configuration=$(sha256sum <hbase-site.xml | cut -c1-16) || exit $?
for manifest in hbase-master.yaml hbase-regionserver.yaml; do
  kubectl patch --local -f "$manifest" -o yaml --type=merge \
    -p "{\"spec\":{\"template\":{\"metadata\":{\"annotations\":{\"configuration\":\"$configuration\"}}}}}" |
    kubectl apply -f - || exit $?
done
