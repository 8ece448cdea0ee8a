namespace HybridMesh.Lab;

/// <summary>A host of the mesh: a Service, a ServiceEntry, or both under one name.</summary>
internal sealed class MeshService(string host)
{
    public string Host => host;

    public Dictionary<int, MeshServicePort> Ports { get; } = [];
}

/// <summary>A declared port and the endpoints behind it.</summary>
internal sealed class MeshServicePort
{
    private readonly HashSet<(string, int)> _known = [];
    private readonly List<MeshEndpoint> _endpoints = [];

    public required AppProtocol Protocol { get; set; }

    public IReadOnlyList<MeshEndpoint> Endpoints => _endpoints;

    public void Add(MeshEndpoint endpoint)
    {
        if (_known.Add((endpoint.Address, endpoint.Port)))
        {
            _endpoints.Add(endpoint);
        }
    }
}
