{{- define "loyalty-stream.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 52 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "loyalty-stream.selectorLabels" -}}
app.kubernetes.io/name: {{ default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "loyalty-stream.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{ include "loyalty-stream.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}

{{- define "loyalty-stream.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "loyalty-stream.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "loyalty-stream.image" -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}
{{- end -}}

{{/* A setting as text: Helm reads 1000000 from a file as a float, and would write 1e+06. */}}
{{- define "loyalty-stream.text" -}}
{{- if and (kindIs "float64" .) (eq (floor .) .) -}}{{ int64 . }}{{- else -}}{{ . }}{{- end -}}
{{- end -}}

{{/* The settings that are no secret, for a ConfigMap. */}}
{{- define "loyalty-stream.settings" -}}
{{- $_ := required "Set settings.BOOTSTRAP_SERVERS to your brokers, as host:port, several separated by commas" .Values.settings.BOOTSTRAP_SERVERS -}}
{{- if eq (toString .Values.settings.VIEW_IN_WORKER) "true" -}}
{{- $_ := required "Set secretSettings.REDIS_URL to the key of a Secret that has the address of the view's Redis" .Values.secretSettings.REDIS_URL -}}
{{- end -}}
{{- range $name, $value := .Values.settings }}
LOYALTY_{{ $name }}: {{ include "loyalty-stream.text" $value | quote }}
{{- end }}
{{- range $name, $value := .Values.openTelemetry }}
OTEL_{{ $name }}: {{ include "loyalty-stream.text" $value | quote }}
{{- end }}
LOYALTY_DATA_DIR: /var/lib/loyalty-stream
LOYALTY_HTTP_HOST: 0.0.0.0
LOYALTY_HTTP_PORT: "6066"
{{- end -}}

{{/* What comes from Secrets, as entries of `env`: values, and paths of the files mounted below. */}}
{{- define "loyalty-stream.secretEnv" -}}
{{- range $name, $from := .Values.secretSettings }}
- name: LOYALTY_{{ $name }}
  valueFrom:
    secretKeyRef:
      name: {{ $from.name }}
      key: {{ $from.key }}
{{- end }}
{{- range $name, $from := .Values.secretFiles }}
- name: LOYALTY_{{ $name }}
  value: /etc/loyalty-stream/{{ lower $name }}
{{- end }}
{{- end -}}

{{- define "loyalty-stream.volumeMounts" -}}
- name: tmp
  mountPath: /tmp
{{- if .Values.secretFiles }}
- name: secret-files
  mountPath: /etc/loyalty-stream
  readOnly: true
{{- end }}
{{- end -}}

{{- define "loyalty-stream.volumes" -}}
- name: tmp
  emptyDir: {}
{{- if .Values.secretFiles }}
- name: secret-files
  projected:
    defaultMode: 0440
    sources:
      {{- range $name, $from := .Values.secretFiles }}
      - secret:
          name: {{ $from.name }}
          items:
            - key: {{ $from.key }}
              path: {{ lower $name }}
      {{- end }}
{{- end }}
{{- end -}}
