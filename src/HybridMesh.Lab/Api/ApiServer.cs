using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace HybridMesh.Lab;

/// <summary>
/// A Kubernetes API server over an <see cref="ObjectStore"/>: HTTPS on 127.0.0.1, at a port the OS chooses.
/// </summary>
public sealed class ApiServer : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly ApiServerOptions _options;
    private readonly ApiDispatcher _dispatcher;
    private WebApplication? _app;
    private Uri? _uri;

    public ApiServer(ObjectStore store, IReadOnlyList<ResourceType> types, ApiServerOptions options)
    {
        _options = options;
        _dispatcher = new ApiDispatcher(store, types, options, _stopping.Token);
        StandardNamespaces.Create(store, types, options.Clock);
    }

    /// <summary>The faults it still has to show.</summary>
    public ApiFaults Faults => _options.Faults;

    public Uri Uri => _uri ?? throw new InvalidOperationException("The API server has not been started.");

    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(_options.Certificate));
        });
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        _app = builder.Build();
        _app.UseWebSockets();
        _app.Run(AnswerAsync);
        await _app.StartAsync(cancellationToken);
        IServerAddressesFeature addresses =
            _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        _uri = new Uri(addresses.Addresses.Single());
    }

    public async ValueTask DisposeAsync()
    {
        // Watches never end by themselves; the server's own stop would wait for them.
        await _stopping.CancelAsync();
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        _stopping.Dispose();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        try
        {
            await _dispatcher.DispatchAsync(http);
        }
        catch (ApiException failure) when (!http.Response.HasStarted)
        {
            await WriteFailureAsync(http, failure);
        }
        catch (BadHttpRequestException failure) when (!http.Response.HasStarted)
        {
            await WriteFailureAsync(http, ApiException.BadRequest(failure.Message));
        }
        catch (OperationCanceledException)
        {
            http.Abort();
        }
        catch (Exception failure) when (!http.Response.HasStarted)
        {
            // A bug of the lab must be visible to whoever meets it, as Go's panic handler would make it.
            await WriteFailureAsync(http, ApiException.Internal($"This request caused the lab to fail: {failure}"));
        }
    }

    private static Task WriteFailureAsync(HttpContext http, ApiException failure)
    {
        if (failure.RetryAfterSeconds is { } seconds)
        {
            http.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        JsonObject status = failure.ToStatus();
        return http.WriteJsonAsync(failure.Code, status);
    }
}
