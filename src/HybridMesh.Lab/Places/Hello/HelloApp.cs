using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Primitives;

namespace HybridMesh.Lab;

/// <summary>
/// The app of the scenario: greets in its version's language and, with a backend, asks the next app first. Its kinds
/// differ in the protocol they speak.
/// </summary>
internal abstract class HelloApp(HelloImage image, IPAddress address, string? backend) : IDisposable
{
    private static readonly HashSet<string> TraceHeaders =
        new(StringComparer.OrdinalIgnoreCase) { "b3", "traceparent", "tracestate", "baggage" };

    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(3);
    private HttpClient? _client;

    protected HelloImage Image => image;

    protected IPAddress Address => address;

    /// <summary>As it was given, perhaps without a port; null for the last of a chain.</summary>
    protected string? Backend { get; } = string.IsNullOrWhiteSpace(backend) ? null : backend.Trim();

    protected abstract HttpProtocols Protocols { get; }

    /// <summary>How long one connection to the backend is used.</summary>
    protected abstract TimeSpan ConnectionLifetime { get; }

    /// <summary>Sends to the backend.</summary>
    protected HttpClient Client => _client ??= new HttpClient(new SocketsHttpHandler
    {
        PooledConnectionLifetime = ConnectionLifetime,
        ConnectTimeout = ConnectLimit,
        UseProxy = false,
        ActivityHeadersPropagator = null,
        ConnectCallback = ConnectAsync,
    })
    { Timeout = TimeSpan.FromSeconds(10) };

    public static async Task<int> RunAsync(IReadOnlyDictionary<string, string> options)
    {
        IPAddress address = IPAddress.Parse(options["address"]);
        HelloImage image = HelloImage.TryParse(options["image"])
            ?? throw new LabException($"The lab has no image '{options["image"]}'.");
        int port = options.TryGetValue("port", out string? text)
            ? int.Parse(text, CultureInfo.InvariantCulture) : image.DefaultPort;
        string? backend = Environment.GetEnvironmentVariable(image.BackendVariable);
        using HelloApp app =
            image.IsGrpc ? new GrpcHello(image, address, backend) : new HttpHello(image, address, backend);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(address, port, listen => listen.Protocols = app.Protocols);
        });
        await using WebApplication web = builder.Build();
        web.Run(app.AnswerAsync);
        Console.WriteLine($"hello {image.Version} listens on {address}:{port}, backend {app.Backend ?? "none"}");
        await web.RunAsync().ConfigureAwait(false);
        return 0;
    }

    public void Dispose() => _client?.Dispose();

    /// <summary>Answers one request.</summary>
    public abstract Task AnswerAsync(HttpContext context);

    /// <summary>Asks the backend at a path; only gRPC sends the word apart from it.</summary>
    protected abstract Task<string> AskAsync(string path, string word, HttpRequest asked);

    protected async Task<string> HelloAsync(string path, string word, HttpRequest asked)
    {
        string own = $"{image.Greeting} {word}({address})";
        return Backend is null ? own : own + "<-" + await AskAsync(path, word, asked).ConfigureAwait(false);
    }

    protected async Task<string> ByeAsync(string path, HttpRequest asked) =>
        // Without a separator, and only the last hop says where it is: so the original answers.
        Backend is null
            ? $"{image.Farewell}({address})"
            : image.Farewell + await AskAsync(path, "", asked).ConfigureAwait(false);

    /// <summary>
    /// Passes on what a mesh needs to follow a request and to route it by, as apps in a mesh must: trace headers and
    /// the apps' own x- headers, without those that proxies write.
    /// </summary>
    protected static void PassOn(HttpRequest asked, HttpRequestMessage call)
    {
        foreach ((string name, StringValues values) in asked.Headers)
        {
            bool own = name.StartsWith("x-", StringComparison.OrdinalIgnoreCase)
                && !name.StartsWith("x-forwarded-", StringComparison.OrdinalIgnoreCase)
                && !name.StartsWith("x-envoy-", StringComparison.OrdinalIgnoreCase);
            if (own || TraceHeaders.Contains(name))
            {
                call.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }
    }

    protected Uri BackendUri(string path)
    {
        string host = Backend!.Contains(':', StringComparison.Ordinal)
            ? Backend : string.Create(CultureInfo.InvariantCulture, $"{Backend}:{image.DefaultPort}");
        return new Uri($"http://{host}{path}");
    }

    /// <summary>Says in the log and to the caller why the backend did not answer.</summary>
    protected string Explain(Exception failure)
    {
        string cause = failure.InnerException?.Message ?? failure.Message;
        Console.WriteLine($"backend {Backend}: {cause}");
        return $"{address} can't reach its backend {Backend}: {cause}";
    }

    /// <summary>Calls come from the app's own address, as they would from a pod or a VM.</summary>
    private async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        IPAddress[] found =
            await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellationToken).ConfigureAwait(false);
        Socket socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Bind(new IPEndPoint(address, 0));
            await socket.ConnectAsync(found, context.DnsEndPoint.Port, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
