using System.Diagnostics;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace HybridMesh.LoadBenchmark;

/// <summary>
/// A hello as Kestrel serves it, whose answers name hops as the hello apps' do, split 30:60:10. One that stalls answers
/// nobody during the last half second of every five.
/// </summary>
internal static class HelloServer
{
    public static readonly string[] Addresses = ["192.168.0.170", "192.168.0.171", "192.168.0.172"];

    private static readonly byte[][] Answers =
    [
        .. Addresses.Zip(["Hello", "Bonjour", "Hola"], (address, word) => Encoding.UTF8.GetBytes(
            $"Hello eric(172.18.0.230)<-{word} eric({address})<-Hello eric(172.18.1.36)")),
    ];

    // 30:60:10 in every ten.
    private static readonly int[] Turns = [0, 1, 1, 0, 1, 2, 1, 0, 1, 1];

    private static int _turn;

    public static async Task<int> RunAsync(bool stalls)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0));
        WebApplication app = builder.Build();
        app.Run(async context =>
        {
            if (stalls && Stalled() is { } left)
            {
                await Task.Delay(left);
            }

            byte[] answer = Answers[Turns[(uint)Interlocked.Increment(ref _turn) % Turns.Length]];
            context.Response.ContentType = "text/plain;charset=UTF-8";
            context.Response.ContentLength = answer.Length;
            await context.Response.Body.WriteAsync(answer);
        });
        await app.StartAsync();
        Console.WriteLine(app.Urls.First());
        await app.WaitForShutdownAsync();
        return 0;
    }


    private static TimeSpan? Stalled()
    {
        TimeSpan second = TimeSpan.FromTicks(Stopwatch.GetElapsedTime(0).Ticks % TimeSpan.FromSeconds(5).Ticks);
        return second > TimeSpan.FromSeconds(4.5) ? TimeSpan.FromSeconds(5) - second : null;
    }
}
