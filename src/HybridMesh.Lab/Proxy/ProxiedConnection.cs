namespace HybridMesh.Lab;

/// <summary>What a request knows of its connection: where it came in and, for pinning, two draws made once.</summary>
internal sealed record ProxiedConnection(MeshListener Listener, double FirstDraw, double SecondDraw);
