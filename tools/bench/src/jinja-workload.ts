// A hundred templates of the size and make of real service templates, and the cluster they are rendered for.

export interface Workload {
  readonly templates: readonly { readonly name: string; readonly source: string }[];
  /** JSON; floats are written as floats. */
  readonly context: string;
}

const SERVICES = [
  "zookeeper",
  "hadoop-name-node",
  "hadoop-data-node",
  "hbase",
  "grafana",
  "prometheus",
  "webportal",
  "rest-server",
  "pylon",
  "drivers",
];

function configMap(service: string, index: number): string {
  return `apiVersion: v1
kind: ConfigMap
metadata:
  name: ${service}-configuration-${index}
data:
{%- for file in cluster_cfg['${service}']['files'] %}
  {{ file.name }}: |
{%- for key, value in file.properties.items() %}
    <property>
      <name>{{ key }}</name>
      <value>{{ value }}</value>
    </property>
{%- endfor %}
{%- endfor %}
`;
}

function workload(service: string, index: number): string {
  return `apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: ${service}-${index}
  labels:
    app: {{ cluster_cfg['${service}']['name'] }}
spec:
  selector:
    matchLabels:
      app: {{ cluster_cfg['${service}']['name'] }}
  template:
    metadata:
      labels:
        app: {{ cluster_cfg['${service}']['name'] }}
    spec:
      hostNetwork: {{ cluster_cfg['${service}']['host-network'] | default('false') }}
      containers:
{%- for container in cluster_cfg['${service}']['containers'] %}
      - name: {{ container.name }}
        image: {{ cluster_cfg['cluster']['docker-registry']['prefix'] }}{{ container.image }}:{{ cluster_cfg['cluster']['docker-registry']['tag'] }}
        imagePullPolicy: Always
{%- if container.ports %}
        ports:
{%- for port in container.ports %}
        - containerPort: {{ port }}
          hostPort: {{ port }}
          name: p{{ loop.index }}
{%- endfor %}
{%- endif %}
        env:
{%- for item in container.env %}
        - name: {{ item['name'] }}
          value: "{{ item['value'] }}"
{%- endfor %}
        resources:
          limits:
            memory: {{ cluster_cfg['${service}']['memory'] }}Gi
{%- if cluster_cfg['${service}']['cpu'] > 1 and container.name != 'sidecar' %}
            cpu: {{ cluster_cfg['${service}']['cpu'] * 2 }}
{%- elif cluster_cfg['${service}']['cpu'] == 1 %}
            cpu: 1
{%- else %}
            cpu: 100m
{%- endif %}
        volumeMounts:
{%- for volume in cluster_cfg['${service}']['volumes'] %}
        - mountPath: {{ volume.mount }}
          name: {{ volume.name }}
{%- endfor %}
{%- endfor %}
      imagePullSecrets:
      - name: {{ cluster_cfg['cluster']['docker-registry']['secret-name'] }}
      volumes:
{%- for volume in cluster_cfg['${service}']['volumes'] %}
      - name: {{ volume.name }}
        hostPath:
          path: {{ cluster_cfg['cluster']['common']['data-path'] }}/{{ volume.name }}
{%- endfor %}
      tolerations:
      - key: node.kubernetes.io/memory-pressure
        operator: Exists
{%- for host in machine_list %}
{%- if host['role'] == 'master' and '${service}' in host['services'] %}
      - key: {{ host['hostname'] }}
        value: "{{ host.hostip }} {{ host['services'] | join(',') }} {{ host.nodename | upper }}"
{%- endif %}
{%- endfor %}
`;
}

function service(name: string): Record<string, unknown> {
  return {
    name,
    "host-network": "true",
    memory: 4,
    cpu: name.length % 3,
    containers: ["main", "sidecar"].map((container) => ({
      name: container,
      image: `${name}-${container}`,
      ports: container === "main" ? [8080, 8443] : [],
      env: Array.from({ length: 6 }, (_, at) => ({ name: `VAR_${at}`, value: `value ${at} of ${name}` })),
    })),
    volumes: ["data", "logs", "config"].map((volume) => ({
      name: `${name}-${volume}`,
      mount: `/var/lib/${volume}`,
    })),
    files: ["core-site.xml", "hdfs-site.xml"].map((file) => ({
      name: file,
      properties: Object.fromEntries(
        Array.from({ length: 8 }, (_, at) => [`${name}.key.${at}`, at % 2 === 0 ? at : `v${at}`]),
      ),
    })),
  };
}

export function makeWorkload(): Workload {
  const templates = Array.from({ length: 100 }, (_, index) => {
    const name = SERVICES[index % SERVICES.length] ?? "zookeeper";
    const source = index % 3 === 0 ? configMap(name, index) + workload(name, index) : workload(name, index);
    return { name: `${name}-${index}.yaml.template`, source };
  });
  const cluster = {
    "docker-registry": { prefix: "127.0.0.1:5077/pai/", tag: "latest", "secret-name": "pai-registry" },
    common: { "data-path": "/var/lib/pai" },
  };
  const machines = Array.from({ length: 20 }, (_, at) => ({
    hostname: `node-${at}`,
    hostip: `10.0.0.${at}`,
    nodename: `n${at}`,
    role: at < 3 ? "master" : "worker",
    services: SERVICES.slice(0, (at % 5) + 1),
  }));
  const context = {
    cluster_cfg: { cluster, ...Object.fromEntries(SERVICES.map((name) => [name, service(name)])) },
    machine_list: machines,
  };
  return { templates, context: JSON.stringify(context) };
}
