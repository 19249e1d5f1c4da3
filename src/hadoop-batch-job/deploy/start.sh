#!/bin/bash
set -o pipefail
cd "$(dirname "$0")" || exit $?

kubectl create configmap hadoop-batch-job-configuration --dry-run=client -o yaml \
  --from-file=core-site.xml --from-file=hdfs-site.xml --from-file=prepare.sh |
  kubectl apply -f - || exit $?

# A Job cannot be changed. So one that failed, or that was made from other files, goes first.
content=$(cat core-site.xml hdfs-site.xml prepare.sh hadoop-batch-job.yaml | sha256sum | cut -c1-16) || exit $?
found=$(kubectl get job/hadoop-batch-job --ignore-not-found \
  -o 'jsonpath={.metadata.annotations.content}{.status.conditions[?(@.type=="Failed")].type}') || exit $?
if [ -n "$found" ] && [ "$found" != "$content" ]; then
  kubectl delete --ignore-not-found --cascade=foreground --timeout=60s job/hadoop-batch-job || exit $?
fi
kubectl annotate --local -f hadoop-batch-job.yaml -o yaml "content=$content" |
  kubectl apply -f - || exit $?
