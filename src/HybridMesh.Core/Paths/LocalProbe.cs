using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace HybridMesh.Core;

/// <summary>Sends one request from this process and tells how far it got.</summary>
internal static class LocalProbe
{
    private const int MaxBody = 1024 * 1024;
    private const string HostsFile = "/etc/hosts";

    /// <summary>Asks for a URL.</summary>
    public static async Task<ProbeReport> RunAsync(
        Uri uri, TimeSpan timeout, TimeProvider clock, CancellationToken cancellationToken)
    {
        ProbeReport report = new() { Client = "dotnet" };
        if (uri.HostNameType == UriHostNameType.Dns)
        {
            report = report with
            {
                HostsAddresses = await HostsAsync(uri.IdnHost, cancellationToken).ConfigureAwait(false),
            };
            try
            {
                IPAddress[] found = await Dns.GetHostAddressesAsync(uri.IdnHost, cancellationToken)
                    .WaitAsync(timeout, clock, cancellationToken).ConfigureAwait(false);
                report = report with { Addresses = [.. found.Select(address => address.ToString())] };
            }
            catch (Exception e) when (e is SocketException or TimeoutException)
            {
                return report with { FailedStage = PathStage.Resolve, Error = e.Message };
            }
        }

        return await SendAsync(report, uri, timeout, clock, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<ProbeReport> SendAsync(
        ProbeReport report, Uri uri, TimeSpan timeout, TimeProvider clock, CancellationToken cancellationToken)
    {
        PathStage reached = PathStage.Connect;
        using SocketsHttpHandler handler = Handler(uri, stage => reached = stage);
        using HttpMessageInvoker client = new(handler);
        using HttpRequestMessage request = new(HttpMethod.Get, uri);
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        long start = clock.GetTimestamp();
        try
        {
            using HttpResponseMessage response = await client.SendAsync(request, limit.Token).ConfigureAwait(false);
            string body = await ReadAsync(response, limit.Token).ConfigureAwait(false);
            return report with
            {
                StatusCode = (int)response.StatusCode,
                Body = body,
                Latency = clock.GetElapsedTime(start),
            };
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return report with
            {
                FailedStage = reached,
                Error = e is OperationCanceledException
                    ? string.Create(CultureInfo.InvariantCulture, $"no answer within {timeout.TotalSeconds:0.#} s")
                    : e.GetBaseException().Message,
            };
        }
    }

    // Tells each stage as it is reached; the one that fails is the one last told.
    private static SocketsHttpHandler Handler(Uri uri, Action<PathStage> onStage) => new()
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        ActivityHeadersPropagator = null,
        ConnectCallback = async (context, token) =>
        {
            Stream stream = await ConnectAsync(context.DnsEndPoint, token).ConfigureAwait(false);
            onStage(uri.Scheme == Uri.UriSchemeHttps ? PathStage.Tls : PathStage.Http);
            return stream;
        },
        PlaintextStreamFilter = (context, _) =>
        {
            onStage(PathStage.Http);
            return ValueTask.FromResult(context.PlaintextStream);
        },
    };

    private static async Task<Stream> ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endpoint, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<string> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            byte[] buffer = new byte[MaxBody];
            int length = await body
                .ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken)
                .ConfigureAwait(false);
            return Encoding.UTF8.GetString(buffer, 0, length);
        }
    }

    private static async Task<IReadOnlyList<string>> HostsAsync(string name, CancellationToken cancellationToken)
    {
        if (!File.Exists(HostsFile))
        {
            return [];
        }

        string[] lines = await File.ReadAllLinesAsync(HostsFile, cancellationToken).ConfigureAwait(false);
        return
        [
            .. lines.Select(line => line.Split('#')[0].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
                .Where(words => words.Skip(1).Contains(name, StringComparer.OrdinalIgnoreCase))
                .Select(words => words[0]),
        ];
    }
}
