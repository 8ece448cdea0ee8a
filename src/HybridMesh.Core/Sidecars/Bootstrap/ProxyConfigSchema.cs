namespace HybridMesh.Core;

/// <summary>How a field of Istio's ProxyConfig is written in JSON.</summary>
internal enum ProtoKind
{
    Text,
    Flag,
    Number,
    Real,
    Long,
    Duration,
    Choice,
    Message,
}

/// <summary>A field of a message.</summary>
/// <param name="Kind">The kind of its values.</param>
/// <param name="TypeName">The message or enumeration.</param>
/// <param name="Shape">One value, a list or a map.</param>
/// <param name="HasPresence">Whether a default value is written too.</param>
internal sealed record ProtoField(ProtoKind Kind, string? TypeName, ProtoShape Shape, bool HasPresence);

internal enum ProtoShape
{
    One,
    List,
    Map,
}

/// <summary>
/// Which fields Istio's ProxyConfig and the messages in it have, in a notation of our own: a name, a colon, a type.
/// <c>s</c> is text, <c>b</c> a flag, <c>i</c> a number, <c>d</c> a real one, <c>t</c> a duration; in capitals they are
/// written even when they are the default. A list begins with <c>*</c>, a map with <c>%</c>; other types are named.
/// </summary>
internal static class ProxyConfigSchema
{
    public const string Root = "ProxyConfig";

    /// <summary>Fields of older Istio versions that today's leave out.</summary>
    public static IReadOnlyList<string> Withdrawn { get; } = ["parentShutdownDuration", "connectTimeout"];

    /// <summary>Fields of which a message has one at most.</summary>
    public static IReadOnlyList<string> Exclusive { get; } = ["serviceCluster", "tracingServiceName"];

    private static readonly string[] Notation =
    [
        "ProxyConfig configPath:s binaryPath:s serviceCluster:S tracingServiceName:TracingServiceName! drainDuration:T "
            + "discoveryAddress:s discoveryRefreshDelay:T zipkinAddress:s statsdUdpAddress:s "
            + "envoyMetricsServiceAddress:s proxyAdminPort:i availabilityZone:s "
            + "controlPlaneAuthPolicy:AuthenticationPolicy customConfigFile:s statNameLength:i concurrency:I "
            + "proxyBootstrapTemplatePath:s interceptionMode:InterceptionMode tracing:Tracing sds:Sds "
            + "envoyAccessLogService:RemoteService envoyMetricsService:RemoteService proxyMetadata:%s runtimeValues:%s "
            + "statusPort:i extraStatTags:*s gatewayTopology:Topology terminationDrainDuration:T meshId:s "
            + "readinessProbe:ReadinessProbe proxyStatsMatcher:ProxyStatsMatcher holdApplicationUntilProxyStarts:B "
            + "caCertificatesPem:*s image:ProxyImage privateKeyProvider:PrivateKeyProvider proxyHeaders:ProxyHeaders "
            + "fileFlushInterval:T fileFlushMinSizeKb:i statsCompression:B connectionSettings:ConnectionSettings",
        "Tracing zipkin:Address lightstep:Lightstep datadog:Address stackdriver:Stackdriver "
            + "openCensusAgent:OpenCensusAgent customTags:%CustomTag maxPathTagLength:i sampling:d tlsSettings:Tls "
            + "enableIstioTags:B",
        "Address address:s",
        "Lightstep address:s accessToken:s",
        "Stackdriver debug:b maxNumberOfAttributes:L maxNumberOfAnnotations:L maxNumberOfMessageEvents:L",
        "OpenCensusAgent address:s context:*TraceContext",
        "CustomTag literal:Literal environment:NameOrDefault header:NameOrDefault",
        "Literal value:s",
        "NameOrDefault name:s defaultValue:s",
        "Sds enabled:b k8sSaJwtPath:s",
        "Topology numTrustedProxies:i forwardClientCertDetails:ForwardClientCertDetails proxyProtocol:Empty",
        "Empty",
        "RemoteService address:s tlsSettings:Tls tcpKeepalive:TcpKeepalive",
        "TcpKeepalive probes:i time:T interval:T",
        "Tls mode:TlsMode clientCertificate:s privateKey:s caCertificates:s credentialName:s subjectAltNames:*s sni:s "
            + "insecureSkipVerify:B caCrl:s",
        "ReadinessProbe initialDelaySeconds:i timeoutSeconds:i periodSeconds:i successThreshold:i failureThreshold:i "
            + "httpGet:HttpGet tcpSocket:TcpSocket exec:Exec grpc:Grpc",
        "HttpGet path:s port:i host:s scheme:s httpHeaders:*HttpHeader",
        "HttpHeader name:s value:s",
        "TcpSocket host:s port:i",
        "Exec command:*s",
        "Grpc port:i service:s",
        "ProxyStatsMatcher inclusionPrefixes:*s inclusionSuffixes:*s inclusionRegexps:*s",
        "ProxyImage imageType:s",
        "PrivateKeyProvider cryptomb:Accelerator qat:Accelerator",
        "Accelerator pollDelay:T fallback:B",
        "ProxyHeaders forwardedClientCert:ForwardClientCertDetails setCurrentClientCertDetails:ClientCertDetails "
            + "requestId:Disabled server:ServerHeader attemptCount:Disabled envoyDebugHeaders:Disabled "
            + "metadataExchangeHeaders:MetadataExchangeHeaders preserveHttp1HeaderCase:B xForwardedHost:Enabled "
            + "xForwardedPort:Enabled",
        "ClientCertDetails subject:B cert:B chain:B dns:B uri:B",
        "ServerHeader disabled:B value:s",
        "Disabled disabled:B",
        "Enabled enabled:B",
        "MetadataExchangeHeaders mode:MetadataExchangeMode",
        "ConnectionSettings profile:ConnectionProfile listenerPerConnectionBufferLimitBytes:I "
            + "clusterPerConnectionBufferLimitBytes:I httpIdleTimeout:T httpMaxConnectionDuration:T httpDrainTimeout:T "
            + "httpRequestTimeout:T httpRequestHeadersTimeout:T httpStreamIdleTimeout:T httpMaxStreamDuration:T "
            + "httpMaxConcurrentStreams:I http2InitialStreamWindowSize:I http2InitialConnectionWindowSize:I "
            + "httpHeadersWithUnderscoresAction:UnderscoresAction httpMergeSlashes:B "
            + "httpPathWithEscapedSlashesAction:EscapedSlashesAction listenerConnectionLimit:I "
            + "globalDownstreamConnectionLimit:I",
    ];

    private static readonly string[] EnumNotation =
    [
        "TracingServiceName APP_LABEL_AND_NAMESPACE=0 CANONICAL_NAME_ONLY=1 CANONICAL_NAME_AND_NAMESPACE=2",
        "AuthenticationPolicy NONE=0 MUTUAL_TLS=1 INHERIT=1000",
        "InterceptionMode REDIRECT=0 TPROXY=1 NONE=2",
        "TraceContext UNSPECIFIED=0 W3C_TRACE_CONTEXT=1 GRPC_BIN=2 CLOUD_TRACE_CONTEXT=3 B3=4",
        "ForwardClientCertDetails UNDEFINED=0 SANITIZE=1 FORWARD_ONLY=2 APPEND_FORWARD=3 SANITIZE_SET=4 "
            + "ALWAYS_FORWARD_ONLY=5",
        "TlsMode DISABLE=0 SIMPLE=1 MUTUAL=2 ISTIO_MUTUAL=3",
        "MetadataExchangeMode UNDEFINED=0 IN_MESH=1",
        "ConnectionProfile SIDECAR=0 EDGE=1",
        "UnderscoresAction HEADERS_WITH_UNDERSCORES_UNSPECIFIED=0 HEADERS_WITH_UNDERSCORES_ALLOW=1 "
            + "HEADERS_WITH_UNDERSCORES_REJECT_REQUEST=2 HEADERS_WITH_UNDERSCORES_DROP_HEADER=3",
        "EscapedSlashesAction PATH_WITH_ESCAPED_SLASHES_UNSPECIFIED=0 KEEP_UNCHANGED=1 REJECT_REQUEST=2 "
            + "UNESCAPE_AND_REDIRECT=3 UNESCAPE_AND_FORWARD=4",
    ];

    private static readonly Dictionary<string, Dictionary<string, int>> Enums =
        EnumNotation.Select(line => line.Split(' '))
        .ToDictionary(words => words[0], words => words.Skip(1).Select(word => word.Split('=')).ToDictionary(
            pair => pair[0], pair => int.Parse(pair[1], System.Globalization.CultureInfo.InvariantCulture)));

    private static readonly Dictionary<string, Dictionary<string, ProtoField>> Messages = Notation
        .Select(line => line.Split(' ')).ToDictionary(words => words[0], words => words.Skip(1)
            .Select(word => word.Split(':')).ToDictionary(pair => pair[0], pair => Field(pair[1])));

    /// <summary>The fields of a message by name.</summary>
    public static IReadOnlyDictionary<string, ProtoField> FieldsOf(string message) => Messages[message];

    /// <summary>The values of an enumeration by name.</summary>
    public static IReadOnlyDictionary<string, int> ValuesOf(string enumeration) => Enums[enumeration];

    private static ProtoField Field(string type)
    {
        ProtoShape shape = type[0] switch { '*' => ProtoShape.List, '%' => ProtoShape.Map, _ => ProtoShape.One };
        string name = type.TrimStart('*', '%').TrimEnd('!');
        bool hasPresence = type.EndsWith('!') || (name.Length == 1 && char.IsUpper(name[0]));
        return name.ToLowerInvariant() switch
        {
            "s" => new(ProtoKind.Text, null, shape, hasPresence),
            "b" => new(ProtoKind.Flag, null, shape, hasPresence),
            "i" => new(ProtoKind.Number, null, shape, hasPresence),
            "d" => new(ProtoKind.Real, null, shape, hasPresence),
            "l" => new(ProtoKind.Long, null, shape, hasPresence),
            "t" => new(ProtoKind.Duration, null, shape, hasPresence),
            _ when Enums.ContainsKey(name) => new(ProtoKind.Choice, name, shape, hasPresence),
            _ => new(ProtoKind.Message, name, shape, HasPresence: true),
        };
    }
}
