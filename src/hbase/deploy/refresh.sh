#!/bin/bash
# Hands a changed configuration to the running service; its pods restart only if there is a change.

cd "$(dirname "$0")" || exit $?

running=$(kubectl get --ignore-not-found -o name daemonset/hbase-master) || exit $?
if [ -z "$running" ]; then
  echo "hbase does not run: there is nothing to refresh"
  exit 0
fi

bash start.sh || exit $?
