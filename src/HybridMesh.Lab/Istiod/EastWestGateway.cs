using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace HybridMesh.Lab;

/// <summary>
/// The gateway by which VMs reach istiod: a Service of the data plane and, on its address, a listener with istiod's
/// certificate. Nothing speaks xDS behind it; what answers shows that address and root certificate are right.
/// </summary>
internal sealed class EastWestGateway : IAsyncDisposable
{
    public const int DiscoveryPort = 15012;
    private const string Namespace = GatewayService.Namespace;
    private const string Name = "istio-eastwestgateway";
    private const int StatusPort = 15021;

    private static readonly (string Name, int Port)[] Ports =
        [("status-port", StatusPort), ("tls", 15443), ("tls-istiod", DiscoveryPort), ("tls-webhook", 15017)];

    private static readonly string[] IstiodNames =
        ["istiod.istio-system.svc", "istiod.istio-system.svc.cluster.local", "istiod.istio-system"];

    private readonly ObjectStore _dataPlane;
    private readonly X509Certificate2 _certificate;
    private readonly IPAddress _address;
    private readonly WebApplication _server;
    private WebApplication? _second;

    public EastWestGateway(ObjectStore dataPlane, AddressBlock block, LabCertificates authority)
    {
        _dataPlane = dataPlane;
        _address = block.EastWest;
        _certificate = authority.CreateCertificate("CN=istiod.istio-system.svc", IstiodNames);
        _server = Server(_address);
        dataPlane.Update(
            "Service", Namespace, Name,
            _ => GatewayService.New(Name, "eastwestgateway", block.Service(1), _address, Ports));
    }

    public Task StartAsync(CancellationToken cancellationToken) => _server.StartAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await CloseSecondAsync().ConfigureAwait(false);
        await _server.DisposeAsync().ConfigureAwait(false);
        _certificate.Dispose();
    }

    /// <summary>
    /// <c>ip</c>: the Service tells its address, as at the start; <c>hostname/NAME</c>: a name instead, as AWS does;
    /// <c>none</c>: nothing, as while a cloud has no load balancer to give.
    /// </summary>
    public async Task<string> ApplyAsync(IReadOnlyList<string> fault, CancellationToken cancellationToken)
    {
        await CloseSecondAsync().ConfigureAwait(false);
        switch (fault)
        {
            case ["ip"]:
                Tell(new JsonObject { ["ip"] = _address.ToString() });
                return $"the east-west gateway has the address {_address}";
            case ["hostname", { Length: > 0 } name]:
                bool answers = name != "localhost" || await OpenSecondAsync(cancellationToken).ConfigureAwait(false);
                Tell(new JsonObject { ["hostname"] = name });
                return $"the east-west gateway has the name {name}"
                    + (answers ? "" : $", but port {DiscoveryPort} of {IPAddress.Loopback} is taken");
            case ["none"]:
                Tell(null);
                return "the east-west gateway has no address";
            default:
                throw new KeyNotFoundException(
                    $"There is no fault '{string.Join('/', fault)}' of eastwest; there are ip, hostname/NAME and "
                    + "none.");
        }
    }

    private void Tell(JsonObject? ingress) => _dataPlane.Update("Service", Namespace, Name, service =>
    {
        if (service is not null)
        {
            service["status"] = new JsonObject
            {
                ["loadBalancer"] = ingress is null ? [] : new JsonObject { ["ingress"] = new JsonArray(ingress) },
            };
        }

        return service;
    });

    private WebApplication Server(IPAddress address)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(address, DiscoveryPort, listen => listen.UseHttps(_certificate));
            if (address.Equals(_address))
            {
                kestrel.Listen(address, StatusPort, listen => listen.Protocols = HttpProtocols.Http1);
            }
        });
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        WebApplication server = builder.Build();
        server.Run(http => http.Response.WriteAsync("istiod of the practice lab\n"));
        return server;
    }

    /// <summary>What localhost means on this machine: one lab at a time can have it.</summary>
    private async Task<bool> OpenSecondAsync(CancellationToken cancellationToken)
    {
        WebApplication second = Server(IPAddress.Loopback);
        try
        {
            await second.StartAsync(cancellationToken).ConfigureAwait(false);
            _second = second;
            return true;
        }
        catch (IOException)
        {
            await second.DisposeAsync().ConfigureAwait(false);
            return false;
        }
    }

    private async Task CloseSecondAsync()
    {
        if (_second is { } second)
        {
            _second = null;
            await second.DisposeAsync().ConfigureAwait(false);
        }
    }
}
