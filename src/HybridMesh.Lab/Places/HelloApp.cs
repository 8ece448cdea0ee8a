using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace HybridMesh.Lab;

/// <summary>
/// The app of the scenario: greets in its version's language and, with HTTP_HELLO_BACKEND set, asks the next app first.
/// </summary>
internal sealed class HelloApp : IDisposable
{
    public const int DefaultPort = 8001;
    private readonly HelloImage _image;
    private readonly IPAddress _address;
    private readonly string? _backend;
    private readonly HttpClient _client;

    private HelloApp(HelloImage image, IPAddress address, string? backend)
    {
        _image = image;
        _address = address;
        _backend = string.IsNullOrWhiteSpace(backend) ? null : backend.Trim();
        _client = new HttpClient(new SocketsHttpHandler
        {
            // Short-lived, so that a changed hosts file is noticed as fast as the other changes in the lab.
            PooledConnectionLifetime = TimeSpan.FromSeconds(1),
            ConnectTimeout = TimeSpan.FromSeconds(3),
            UseProxy = false,
            ConnectCallback = ConnectAsync,
        })
        { Timeout = TimeSpan.FromSeconds(10) };
    }

    public static async Task<int> RunAsync(IReadOnlyDictionary<string, string> options)
    {
        IPAddress address = IPAddress.Parse(options["address"]);
        int port = options.TryGetValue("port", out string? text)
            ? int.Parse(text, CultureInfo.InvariantCulture) : DefaultPort;
        HelloImage image = HelloImage.TryParse(options["image"])
            ?? throw new LabException($"The lab has no image '{options["image"]}'.");
        using HelloApp app = new(image, address, Environment.GetEnvironmentVariable("HTTP_HELLO_BACKEND"));
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(address, port, listen => listen.Protocols = HttpProtocols.Http1);
        });
        await using WebApplication web = builder.Build();
        web.Run(app.AnswerAsync);
        Console.WriteLine($"hello {image.Version} listens on {address}:{port}, backend {app._backend ?? "none"}");
        await web.RunAsync().ConfigureAwait(false);
        return 0;
    }

    public void Dispose() => _client.Dispose();

    private async Task AnswerAsync(HttpContext context)
    {
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers["x-hello-version"] = _image.Version;
        string path = context.Request.Path.Value ?? "/";
        try
        {
            string? answer = path switch
            {
                "/bye" => await ByeAsync(context.RequestAborted).ConfigureAwait(false),
                "/ready" => "ready",
                _ when path.StartsWith("/hello/", StringComparison.Ordinal) && path.Length > 7 =>
                    await HelloAsync(path[7..], context.RequestAborted).ConfigureAwait(false),
                _ => null,
            };
            context.Response.StatusCode = answer is null ? StatusCodes.Status404NotFound : StatusCodes.Status200OK;
            await WriteAsync(context, answer ?? $"no route {path}").ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException
            && !context.RequestAborted.IsCancellationRequested)
        {
            string cause = e.InnerException?.Message ?? e.Message;
            Console.WriteLine($"backend {_backend}: {cause}");
            context.Response.StatusCode = StatusCodes.Status502BadGateway;
            await WriteAsync(context, $"{_address} can't reach its backend {_backend}: {cause}").ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The caller has gone.
        }
    }

    private static Task WriteAsync(HttpContext context, string text)
    {
        byte[] body = Encoding.UTF8.GetBytes(text);
        context.Response.ContentLength = body.Length;
        return context.Response.Body.WriteAsync(body).AsTask();
    }

    private async Task<string> HelloAsync(string message, CancellationToken cancellationToken)
    {
        string own = $"{_image.Greeting} {message}({_address})";
        return _backend is null
            ? own
            : own + "<-" + await AskAsync("/hello/" + Uri.EscapeDataString(message), cancellationToken)
                .ConfigureAwait(false);
    }

    private async Task<string> ByeAsync(CancellationToken cancellationToken) =>
        // Without a separator, and only the last hop says where it is: so the original answers.
        _backend is null
            ? $"{_image.Farewell}({_address})"
            : _image.Farewell + await AskAsync("/bye", cancellationToken).ConfigureAwait(false);

    private async Task<string> AskAsync(string path, CancellationToken cancellationToken)
    {
        string host = _backend!.Contains(':', StringComparison.Ordinal)
            ? _backend : string.Create(CultureInfo.InvariantCulture, $"{_backend}:{DefaultPort}");
        using HttpResponseMessage answer =
            await _client.GetAsync(new Uri($"http://{host}{path}"), cancellationToken).ConfigureAwait(false);
        string text = await answer.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        return answer.IsSuccessStatusCode
            ? text
            : throw new HttpRequestException($"it answered {(int)answer.StatusCode}: {text}");
    }

    /// <summary>Calls come from the app's own address, as they would from a pod or a VM.</summary>
    private async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        IPAddress[] found =
            await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellationToken).ConfigureAwait(false);
        Socket socket = new(_address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Bind(new IPEndPoint(_address, 0));
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
