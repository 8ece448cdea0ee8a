using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>
/// The lab's stand-in for Alibaba Cloud Service Mesh's API of version 2020-01-11, over plain http on loopback: checks
/// signatures as the real gateway does and writes what the real operations write into both planes' stores.
/// </summary>
public sealed class AsmEndpoint : IAsyncDisposable
{
    private readonly AsmSignatureVerifier _verifier;
    private readonly AsmOperations _operations;
    private readonly WebApplication _server;

    public AsmEndpoint(ObjectStore dataPlane, ObjectStore controlPlane, AsmEndpointOptions options)
    {
        MeshId = options.MeshId;
        _verifier = new AsmSignatureVerifier(options);
        AsmVmApps apps = new(dataPlane, controlPlane, options.ServiceAddress);
        _operations = new AsmOperations(options, apps, new AsmVmMeta(dataPlane, options, Faults), Faults);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        _server = builder.Build();
        _server.Run(AnswerAsync);
    }

    public string MeshId { get; }

    public AsmFaults Faults { get; } = new();

    /// <summary>The URL; known once started.</summary>
    public Uri Address => new(_server.Urls.Single());

    public Task StartAsync(CancellationToken cancellationToken) => _server.StartAsync(cancellationToken);

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        string requestId = Guid.NewGuid().ToString().ToUpperInvariant();
        JsonObject answer;
        try
        {
            AsmRequest request = await AsmRequest.ReadAsync(http);
            _verifier.Verify(request);
            Faults.Check();
            answer = _operations.Run(request);
            answer["RequestId"] = requestId;
        }
        catch (AsmException error)
        {
            http.Response.StatusCode = error.Status;
            if (error.RetryAfter is TimeSpan wait)
            {
                http.Response.Headers["x-acs-retry-after"] = $"{(long)wait.TotalMilliseconds}";
            }

            answer = new JsonObject
            {
                ["RequestId"] = requestId,
                ["HostId"] = http.Request.Host.Value,
                ["Code"] = error.Code,
                ["Message"] = error.Message,
                ["Recommend"] =
                    $"https://api.aliyun.com/troubleshoot?q={error.Code}&product=servicemesh&requestId={requestId}",
            };
        }

        byte[] body = Encoding.UTF8.GetBytes(answer.ToJsonString());
        http.Response.ContentType = "application/json;charset=utf-8";
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }
}
