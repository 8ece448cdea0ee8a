using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace HybridMesh.Lab;

/// <summary>The open listeners; brings them in step with a snapshot. One caller at a time.</summary>
internal sealed class ListenerSet(
    ConnectionHub hub, TcpRelay relay, Draws draws, ILoggerFactory loggers) : IAsyncDisposable
{
    private readonly Dictionary<IPEndPoint, MeshListener> _open = [];
    private readonly HashSet<IPEndPoint> _refused = [];
    private readonly ILogger _log = loggers.CreateLogger<MeshProxy>();
    private readonly SocketTransportFactory _sockets = new(Options.Create(new SocketTransportOptions()), loggers);

    /// <summary>Opens, closes and retargets; what can't be bound is logged once and tried again next time.</summary>
    public async Task<bool> ApplyAsync(IReadOnlyDictionary<IPEndPoint, PortTable> wanted)
    {
        foreach (IPEndPoint gone in _open.Keys.Where(address => !wanted.ContainsKey(address)).ToList())
        {
            _open.Remove(gone, out MeshListener? listener);
            await listener!.DisposeAsync();
        }

        _refused.RemoveWhere(address => !wanted.ContainsKey(address));
        foreach ((IPEndPoint address, PortTable table) in wanted)
        {
            if (_open.TryGetValue(address, out MeshListener? listener))
            {
                listener.Table = table;
            }
            else
            {
                await OpenAsync(address, table);
            }
        }

        return _refused.Count == 0;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (MeshListener listener in _open.Values)
        {
            await listener.DisposeAsync();
        }

        _open.Clear();
    }

    private async Task OpenAsync(IPEndPoint address, PortTable table)
    {
        try
        {
            IConnectionListener socket = await _sockets.BindAsync(address);
            _open[address] = new MeshListener(socket, hub, relay, draws, table);
            _refused.Remove(address);
        }
        catch (Exception error) when (error is AddressInUseException or IOException or SocketException)
        {
            if (_refused.Add(address))
            {
                _log.LogWarning("The mesh can't listen on {Address}: {Reason}", address, error.Message);
            }
        }
    }
}
