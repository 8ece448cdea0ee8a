using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace HybridMesh.Load.Tests;

/// <summary>A real HTTP server on a loopback port of the system's choice, whose answers the test writes.</summary>
internal sealed class TargetServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _underWay;
    private int _most;

    private TargetServer(WebApplication app) => _app = app;

    public Uri Uri { get; private set; } = null!;

    /// <summary>The most requests that were under way at a time.</summary>
    public int MostUnderWay => _most;

    /// <summary>The connections seen, by id.</summary>
    public ConcurrentDictionary<string, bool> Connections { get; } = [];

    /// <summary>The requests seen.</summary>
    public int Requests;

    public static async Task<TargetServer> StartAsync(
        RequestDelegate answer, HttpProtocols protocols = HttpProtocols.Http1, X509Certificate2? certificate = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(options =>
        {
            options.ResponseHeaderEncodingSelector = _ => Encoding.UTF8;
            options.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = protocols;
                if (certificate is not null)
                {
                    listen.UseHttps(certificate);
                }
            });
        });
        WebApplication app = builder.Build();
        TargetServer server = new(app);
        app.Run(async context =>
        {
            Interlocked.Increment(ref server.Requests);
            server.Connections[context.Connection.Id] = true;
            int now = Interlocked.Increment(ref server._underWay);
            InterlockedMax(ref server._most, now);
            try
            {
                await answer(context);
            }
            finally
            {
                Interlocked.Decrement(ref server._underWay);
            }
        });
        await app.StartAsync();
        server.Uri = new Uri(new Uri(app.Urls.First()), "/hello/eric");
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        using CancellationTokenSource now = new(TimeSpan.FromSeconds(1));
        try
        {
            await _app.StopAsync(now.Token);
        }
        catch (OperationCanceledException)
        {
            // A hanging request is some tests' point.
        }

        await _app.DisposeAsync();
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen = Volatile.Read(ref target);
        while (value > seen && Interlocked.CompareExchange(ref target, value, seen) is int other && other != seen)
        {
            seen = other;
        }
    }
}
