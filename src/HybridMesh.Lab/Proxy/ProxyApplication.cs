using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace HybridMesh.Lab;

/// <summary>
/// Answers a request as Envoy would: finds its route, draws a destination and an endpoint, forwards. Runs on Kestrel
/// directly, without a host's middleware: some thousand requests a second go through one core.
/// </summary>
internal sealed class ProxyApplication(
    IHttpForwarder forwarder, HttpMessageInvoker client, Draws draws, MeshProxyOptions options, TimeProvider clock)
    : IHttpApplication<DefaultHttpContext>
{
    private static readonly ForwarderRequestConfig Http1 = new()
    {
        Version = System.Net.HttpVersion.Version11,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    private static readonly ForwarderRequestConfig Http2 = new()
    {
        Version = System.Net.HttpVersion.Version20,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    public DefaultHttpContext CreateContext(IFeatureCollection contextFeatures)
    {
        if (contextFeatures is not IHostContextContainer<DefaultHttpContext> container)
        {
            return new DefaultHttpContext(contextFeatures);
        }

        if (container.HostContext is { } used)
        {
            used.Initialize(contextFeatures);
            return used;
        }

        return container.HostContext = new DefaultHttpContext(contextFeatures);
    }

    public void DisposeContext(DefaultHttpContext context, Exception? exception) => context.Uninitialize();

    public Task ProcessRequestAsync(DefaultHttpContext context)
    {
        ProxiedConnection connection = context.Features.Get<ProxiedConnection>()!;
        string path = PathOf(context);
        if (Find(context, connection, path, out RouteMatch? by) is not { } route)
        {
            return SayAsync(context, StatusCodes.Status404NotFound, "");
        }

        return route.Fault is null
            ? AnswerAsync(context, connection, route, by, path)
            : FaultAsync(context, connection, route, by, path);
    }

    private static HttpRoute? Find(
        DefaultHttpContext context, ProxiedConnection connection, string path, out RouteMatch? by)
    {
        by = null;
        IReadOnlyList<HttpRoute> routes = connection.Listener.Table?.RoutesOf(context.Request.Host) ?? [];
        for (int index = 0; index < routes.Count; index++)
        {
            if (routes[index].Takes(context.Request, path, out by))
            {
                return routes[index];
            }
        }

        return null;
    }

    private async Task FaultAsync(
        DefaultHttpContext context, ProxiedConnection connection, HttpRoute route, RouteMatch? by, string path)
    {
        RouteFault fault = route.Fault!;
        if (fault.Delay is TimeSpan delay && draws.Next() * 100 < fault.DelayPercent)
        {
            await Task.Delay(delay, clock, context.RequestAborted);
        }

        await (fault.AbortStatus is int status && draws.Next() * 100 < fault.AbortPercent
            ? SayAsync(context, status, "fault filter abort")
            : AnswerAsync(context, connection, route, by, path));
    }

    private Task AnswerAsync(
        DefaultHttpContext context, ProxiedConnection connection, HttpRoute route, RouteMatch? by, string path)
    {
        if (route.Redirect is { } redirect)
        {
            return RedirectAsync(context, redirect);
        }

        if (route.DirectResponse is (int status, string body))
        {
            return SayAsync(context, status, body);
        }

        bool pinned = options.PinConnections;
        double draw = pinned ? connection.FirstDraw : draws.Next();
        RouteTarget? target = options.IgnoreWeights ? route.Targets?.PickEvenly(draw) : route.Targets?.Pick(draw);
        if (target?.Cluster is not { } cluster)
        {
            return SayAsync(context, StatusCodes.Status503ServiceUnavailable, "");
        }

        if (cluster.Endpoints is not { } endpoints)
        {
            return SayAsync(context, StatusCodes.Status503ServiceUnavailable, "no healthy upstream");
        }

        if (route.Rewrite is { } rewrite)
        {
            Rewrite(context.Request, rewrite, by, path);
        }

        MeshEndpoint endpoint = endpoints.Pick(pinned ? connection.SecondDraw : draws.Next());
        return ForwardAsync(context, endpoint, cluster.Protocol == AppProtocol.Http2 ? Http2 : Http1, route.Timeout);
    }

    private async Task ForwardAsync(
        DefaultHttpContext context, MeshEndpoint endpoint, ForwarderRequestConfig config, TimeSpan? timeout)
    {
        using CancellationTokenSource? deadline = timeout is TimeSpan limit
            ? new CancellationTokenSource(limit, clock) : null;
        ForwarderError error = await forwarder.SendAsync(
            context, endpoint.Url, client, config, HttpTransformer.Empty, deadline?.Token ?? CancellationToken.None);
        if (error == ForwarderError.None || context.Response.HasStarted
            || context.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        await (deadline is { IsCancellationRequested: true } || error == ForwarderError.RequestTimedOut
            ? SayAsync(context, StatusCodes.Status504GatewayTimeout, "upstream request timeout")
            : SayAsync(
                context, StatusCodes.Status503ServiceUnavailable,
                "upstream connect error or disconnect/reset before headers. reset reason: connection failure"));
    }

    // As it was sent: routes are compared with the path before percent-decoding, as Envoy does.
    private static string PathOf(DefaultHttpContext context)
    {
        string target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (!target.StartsWith('/'))
        {
            return context.Request.Path.Value ?? "/";
        }

        int query = target.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? target : target[..query];
    }

    private static void Rewrite(HttpRequest request, RouteRewrite rewrite, RouteMatch? by, string path)
    {
        if (rewrite.Path(path, by) is string rewritten)
        {
            request.Path = PathString.FromUriComponent(rewritten.StartsWith('/') ? rewritten : "/" + rewritten);
        }

        if (rewrite.Authority is not null)
        {
            request.Host = new HostString(rewrite.Authority);
        }
    }

    private static Task RedirectAsync(DefaultHttpContext context, RouteRedirect redirect)
    {
        HttpRequest request = context.Request;
        string host = redirect.Authority ?? request.Host.Host;
        int? port = redirect.Port ?? (redirect.Authority is null ? request.Host.Port : null);
        context.Response.StatusCode = redirect.Status;
        context.Response.Headers.Location =
            $"{redirect.Scheme ?? request.Scheme}://{host}{(port is int number ? $":{number}" : "")}"
            + $"{redirect.Uri ?? request.Path.ToUriComponent()}{request.QueryString.ToUriComponent()}";
        return Task.CompletedTask;
    }

    private static Task SayAsync(HttpContext context, int status, string text)
    {
        if (GrpcAnswers.IsGrpc(context.Request))
        {
            GrpcAnswers.Refuse(context.Response, GrpcAnswers.StatusOf(status), text);
            return Task.CompletedTask;
        }

        context.Response.StatusCode = status;
        if (text.Length == 0)
        {
            return Task.CompletedTask;
        }

        context.Response.ContentType = "text/plain";
        context.Response.ContentLength = text.Length;
        return context.Response.WriteAsync(text);
    }
}
