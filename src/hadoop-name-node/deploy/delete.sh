#!/bin/bash
# Stops the service, then removes its data on every machine that may run it.

cd "$(dirname "$0")" || exit $?

bash stop.sh || exit $?

kubectl apply -f hadoop-name-node-delete.yaml || exit $?
kubectl rollout status --timeout=120s daemonset/hadoop-name-node-delete || exit $?
kubectl delete --ignore-not-found --cascade=foreground --timeout=60s -f hadoop-name-node-delete.yaml || exit $?
