using System.Diagnostics;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace HybridMesh.Benchmarks.Load;

/// <summary>
/// A hello by Kestrel alone, without the layers of ASP.NET Core above it: the clients are to be the bottleneck. Its
/// answers name hops as the hello apps' do, split 30:60:10. One that stalls answers nobody during the last half second
/// of every five.
/// </summary>
internal sealed class HelloServer(bool stalls) : IHttpApplication<IFeatureCollection>
{
    public static readonly string[] Addresses = ["192.168.0.170", "192.168.0.171", "192.168.0.172"];

    private static readonly byte[][] Answers =
    [
        .. Addresses.Zip(["Hello", "Bonjour", "Hola"], (address, word) => Encoding.UTF8.GetBytes(
            $"Hello eric(172.18.0.230)<-{word} eric({address})<-Hello eric(172.18.1.36)")),
    ];

    // 30:60:10 in every ten.
    private static readonly int[] Turns = [0, 1, 1, 0, 1, 2, 1, 0, 1, 1];

    private int _turn;

    public static async Task<int> RunAsync(bool stalls)
    {
        KestrelServerOptions options = new();
        options.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
        using KestrelServer server = new(
            Options.Create(options),
            new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance),
            NullLoggerFactory.Instance);
        await server.StartAsync(new HelloServer(stalls), default);
        Console.WriteLine(server.Features.Get<Microsoft.AspNetCore.Hosting.Server.Features.IServerAddressesFeature>()!.Addresses.First());
        await Task.Delay(Timeout.Infinite);
        return 0;
    }

    public IFeatureCollection CreateContext(IFeatureCollection contextFeatures) => contextFeatures;

    public async Task ProcessRequestAsync(IFeatureCollection context)
    {
        if (stalls && Stalled() is { } left)
        {
            await Task.Delay(left);
        }

        byte[] answer = Answers[Turns[(uint)Interlocked.Increment(ref _turn) % Turns.Length]];
        IHttpResponseFeature response = context.GetRequiredFeature<IHttpResponseFeature>();
        response.Headers.ContentType = "text/plain;charset=UTF-8";
        response.Headers.ContentLength = answer.Length;
        await context.GetRequiredFeature<IHttpResponseBodyFeature>().Writer.WriteAsync(answer);
    }

    public void DisposeContext(IFeatureCollection context, Exception? exception)
    {
    }

    private static TimeSpan? Stalled()
    {
        TimeSpan second = TimeSpan.FromTicks(Stopwatch.GetElapsedTime(0).Ticks % TimeSpan.FromSeconds(5).Ticks);
        return second > TimeSpan.FromSeconds(4.5) ? TimeSpan.FromSeconds(5) - second : null;
    }
}
