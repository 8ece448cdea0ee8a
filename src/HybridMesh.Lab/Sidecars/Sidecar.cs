using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace HybridMesh.Lab;

/// <summary>
/// The process that stands in for Envoy and its agent on a VM: checks what it was given, shakes hands with istiod and
/// tells on port 15021 that it is ready. It carries no traffic.
/// </summary>
internal static class Sidecar
{
    /// <summary>While this file is there the sidecar is not ready.</summary>
    public const string NeverReadyFile = "/run/hybridmesh/never-ready";

    private const int StatusPort = 15021;
    private static readonly TimeSpan HandshakeLimit = TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync(IReadOnlyDictionary<string, string> options)
    {
        IPAddress address = IPAddress.Parse(options["address"]);
        SidecarFiles files = options.TryGetValue("folder", out string? folder)
            ? SidecarFiles.In(folder) : SidecarFiles.OfPackage;
        try
        {
            SidecarBootstrap bootstrap =
                await SidecarBootstrap.ReadAsync(files, TimeProvider.System).ConfigureAwait(false);
            await ShakeHandsAsync(bootstrap, address, files.RootCert).ConfigureAwait(false);
            await ServeAsync(address).ConfigureAwait(false);
            return 0;
        }
        catch (Exception e) when (e is LabException or IOException)
        {
            await Console.Error.WriteLineAsync($"error\tthe sidecar can't start: {e.Message}").ConfigureAwait(false);
            return e is LabException ? 1 : 2;
        }
    }

    private static async Task ShakeHandsAsync(SidecarBootstrap bootstrap, IPAddress own, string rootFile)
    {
        string istiod = $"{bootstrap.DiscoveryHost}:{bootstrap.DiscoveryPort}";
        IPAddress address = await ResolveAsync(bootstrap).ConfigureAwait(false);
        X509ChainPolicy policy = new()
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.AddRange(bootstrap.Roots);
        using CancellationTokenSource limit = new(HandshakeLimit);
        using Socket socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(own, 0));
            await socket.ConnectAsync(address, bootstrap.DiscoveryPort, limit.Token).ConfigureAwait(false);
            await using SslStream stream = new(new NetworkStream(socket));
            await stream.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = bootstrap.DiscoveryHost,
                    CertificateChainPolicy = policy,
                },
                limit.Token).ConfigureAwait(false);
        }
        catch (SocketException e)
        {
            throw new LabException($"{istiod} at {address} can't be reached: {e.Message}");
        }
        catch (AuthenticationException e)
        {
            throw new LabException($"{istiod} at {address} is not who {rootFile} vouches for: {e.Message}");
        }
        catch (OperationCanceledException)
        {
            throw new LabException($"{istiod} at {address} did not answer within {HandshakeLimit.TotalSeconds} s");
        }
    }

    private static async Task<IPAddress> ResolveAsync(SidecarBootstrap bootstrap)
    {
        foreach (string line in bootstrap.Hosts.Split('\n'))
        {
            string[] fields = line.Split('#')[0].Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (fields.Skip(1).Contains(bootstrap.DiscoveryHost) && IPAddress.TryParse(fields[0], out IPAddress? found))
            {
                return found;
            }
        }

        try
        {
            return (await Dns.GetHostAddressesAsync(bootstrap.DiscoveryHost).ConfigureAwait(false))[0];
        }
        catch (SocketException e)
        {
            throw new LabException($"{bootstrap.DiscoveryHost} does not resolve: {e.Message}");
        }
    }

    private static async Task ServeAsync(IPAddress address)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(address, StatusPort);
        });
        await using WebApplication web = builder.Build();
        web.Run(http =>
        {
            http.Response.StatusCode = http.Request.Path != "/healthz/ready" ? StatusCodes.Status404NotFound
                : File.Exists(NeverReadyFile) ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
            return Task.CompletedTask;
        });
        await web.StartAsync().ConfigureAwait(false);
        await Console.Out.WriteLineAsync($"info\tthe sidecar serves {address}:{StatusPort}/healthz/ready")
            .ConfigureAwait(false);
        await web.WaitForShutdownAsync().ConfigureAwait(false);
    }
}
