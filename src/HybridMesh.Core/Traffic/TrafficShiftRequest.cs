using System.Collections;

namespace HybridMesh.Core;

/// <summary>What to measure.</summary>
public sealed record TrafficShiftRequest
{
    /// <summary>The smallest tolerance, in percentage points: finer ones take millions of requests.</summary>
    public const double MinTolerance = 0.1;

    /// <summary>The URL to send requests to; null to take the mesh's only entry.</summary>
    public Uri? Uri { get; init; }

    /// <summary>The VirtualService whose split is measured; null for the namespace's only one that splits.</summary>
    public string? VirtualService { get; init; }

    /// <summary>The http route's name; null for the one that takes the URL.</summary>
    public string? Route { get; init; }

    /// <summary>The weights expected per version; null for the route's own.</summary>
    public IReadOnlyList<KeyValuePair<string, double>>? Expect { get; init; }

    /// <summary>A regular expression per version that finds itself in that version's answers; null for none.</summary>
    public IReadOnlyList<KeyValuePair<string, string>>? VersionPattern { get; init; }

    /// <summary>The response header that names the version; null for none.</summary>
    public string? VersionHeader { get; init; }

    /// <summary>How many attributed answers to collect; null for as many as the verdict needs.</summary>
    public int? Count { get; init; }

    /// <summary>How long to send requests; null for no limit.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>How many requests are under way at a time.</summary>
    public int Concurrency { get; init; } = 8;

    /// <summary>
    /// How many requests are begun per second, answered or not; null to begin each when a connection is free.
    /// </summary>
    public double? Rate { get; init; }

    /// <summary>How long requests are sent before any counts. The default is zero.</summary>
    public TimeSpan WarmUp { get; init; }

    /// <summary>Whether each request is sent over a new connection.</summary>
    public bool NewConnection { get; init; }

    /// <summary>HTTP's version, 1.1 or 2. gRPC takes 2 whatever is said here.</summary>
    public Version HttpVersion { get; init; } = new(1, 1);

    /// <summary>
    /// The fields of a gRPC call's message, by number, or by name where it is known; null for the empty message.
    /// </summary>
    public IDictionary? Message { get; init; }

    /// <summary>Headers to send.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>How long one request may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The probability of calling a right split wrong.</summary>
    public double Alpha { get; init; } = 0.001;

    /// <summary>The shift to notice, in percentage points.</summary>
    public double Tolerance { get; init; } = 5;

    /// <summary>Whether to stop as soon as the split is proved wrong.</summary>
    public bool UntilDecided { get; init; }

    /// <summary>
    /// Whether the mesh must be asked; without it the URL, the shares and a way to tell versions must all be given.
    /// </summary>
    public bool NeedsMesh => Uri is null || VirtualService is not null || Expect is null
        || (VersionPattern is null && VersionHeader is null);

    /// <summary>Refuses values that mean nothing.</summary>
    /// <exception cref="MeshException">ArgumentInvalid.</exception>
    public void Validate()
    {
        Require(
            Uri is not { IsAbsoluteUri: true, UserInfo.Length: > 0 },
            "-Uri holds a user name or password, which is not sent; give -Header @{ Authorization = 'Basic ...' } "
            + "instead.", Uri?.IsAbsoluteUri == true ? Uri.Authority : null);
        Require(
            Uri is null || LoadPlanner.CanSendTo(Uri),
            $"-Uri '{Uri}' is no URL to send requests to; give one such as http://10.0.0.1:8004/hello/eric or "
            + "grpc://10.0.0.1:7004/org.feuyeux.grpc.Greeter/SayHello.", Uri);
        Require(Count is null or > 0, "-Count must be above zero.", Count);
        Require(Duration is null || Duration > TimeSpan.Zero, "-Duration must be above zero.", Duration);
        Require(Concurrency is > 0 and <= 10_000, "-Concurrency must be from 1 to 10000.", Concurrency);
        Require(Rate is null or (> 0 and <= 1e6), "-Rate must be above zero and at most 1000000 a second.", Rate);
        Require(WarmUp >= TimeSpan.Zero, "-WarmUp must not be below zero.", WarmUp);
        Require(
            HttpVersion.ToString() is "1.1" or "2.0", $"-HttpVersion {HttpVersion} can't be spoken; give 1.1 or 2.",
            HttpVersion);
        Require(
            Message is null || (Uri is not null && LoadPlanner.IsGrpc(Uri)),
            "-Message is a gRPC call's; give its method by -Uri grpc://host:port/package.Service/Method.", Message);
        _ = ProtobufMessage.Write(Message);
        Require(Alpha is >= 1e-9 and <= 0.5, "-Alpha must be from 1e-9 to 0.5.", Alpha);
        Require(
            Tolerance is >= MinTolerance and <= 50, "-Tolerance must be from 0.1 to 50 percentage points.", Tolerance);
        Require(
            VersionPattern is null || VersionHeader is null,
            "-VersionPattern and -VersionHeader exclude each other: only one can tell the version.", VersionHeader);
        Require(VersionPattern is not { Count: 0 }, "-VersionPattern names no version.", VersionPattern);
        Require(Route is null || VirtualService is not null, "-Route names a route of a VirtualService; give "
            + "-VirtualService too.", Route);
    }

    private static void Require(bool condition, string message, object? target)
    {
        if (!condition)
        {
            throw new MeshException(MeshErrorCode.ArgumentInvalid, message, target);
        }
    }
}
