using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace HybridMesh.Lab;

/// <summary>Passes a connection on byte for byte, to an endpoint drawn once: for ports that are not HTTP.</summary>
internal sealed class TcpRelay(Draws draws, MeshProxyOptions options)
{
    public async Task RunAsync(ConnectionContext client, WeightedChoice<RouteTarget>? targets)
    {
        RouteTarget? target = options.IgnoreWeights ? targets?.PickEvenly(draws.Next()) : targets?.Pick(draws.Next());
        if (target?.Cluster?.Endpoints is not { } endpoints)
        {
            client.Abort();
            return;
        }

        MeshEndpoint endpoint = endpoints.Pick(draws.Next());
        using Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new DnsEndPoint(endpoint.Address, endpoint.Port), client.ConnectionClosed);
        }
        catch (SocketException)
        {
            client.Abort();
            return;
        }

        await using NetworkStream backend = new(socket, ownsSocket: false);
        Task up = UpAsync(client.Transport.Input, backend, socket);
        await backend.CopyToAsync(client.Transport.Output);
        await client.Transport.Output.CompleteAsync();
        await up;
    }

    private static async Task UpAsync(PipeReader client, NetworkStream backend, Socket socket)
    {
        await client.CopyToAsync(backend);
        socket.Shutdown(SocketShutdown.Send);
    }
}
