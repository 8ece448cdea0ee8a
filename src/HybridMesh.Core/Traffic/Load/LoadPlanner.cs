namespace HybridMesh.Core;

/// <summary>Turns what a user asked for into what a load generator is to send.</summary>
internal static class LoadPlanner
{
    private const string Grpc = "grpc";
    private const string GrpcTls = "grpcs";

    /// <summary>Whether a URL names a gRPC method, such as <c>grpc://10.0.0.1:7004/pkg.Service/Method</c>.</summary>
    public static bool IsGrpc(Uri uri) => uri.Scheme is Grpc or GrpcTls;

    /// <summary>Whether requests can be sent to a URL.</summary>
    public static bool CanSendTo(Uri uri) => uri.IsAbsoluteUri && uri.Host.Length > 0
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps
            || (IsGrpc(uri) && uri.AbsolutePath.Split('/') is ["", { Length: > 0 }, { Length: > 0 }]));

    /// <summary>The protocol in words.</summary>
    public static string Protocol(Uri uri, Version httpVersion) =>
        IsGrpc(uri) ? "gRPC" : httpVersion.Major == 1 ? "HTTP/1.1" : "HTTP/2";

    /// <summary>Makes the plan of a run.</summary>
    /// <exception cref="MeshException">ArgumentInvalid: the message can't be written.</exception>
    public static LoadPlan Plan(SplitPlan split, TrafficShiftRequest request)
    {
        Dictionary<string, string> headers = new(request.Headers, StringComparer.OrdinalIgnoreCase);
        if (split.HostHeader is { } host)
        {
            headers.TryAdd("Host", host);
        }

        bool grpc = IsGrpc(split.Uri);
        return new LoadPlan
        {
            Uri = grpc ? ToHttp(split.Uri) : split.Uri,
            Headers = headers,
            Concurrency = request.Concurrency,
            HttpVersion = grpc ? new Version(2, 0) : request.HttpVersion,
            GrpcMessage = grpc ? (ReadOnlyMemory<byte>?)ProtobufMessage.Write(request.Message) : null,
            NewConnection = request.NewConnection,
            Timeout = request.Timeout,
            Rate = request.Rate,
            WarmUp = request.WarmUp,
            Duration = request.Duration,
            CaptureHeader = request.VersionHeader,
        };
    }

    private static Uri ToHttp(Uri uri)
    {
        bool tls = uri.Scheme == GrpcTls;
        return new UriBuilder(
            tls ? Uri.UriSchemeHttps : Uri.UriSchemeHttp, uri.Host, uri.Port < 0 ? (tls ? 443 : 80) : uri.Port,
            uri.AbsolutePath).Uri;
    }
}
