namespace HybridMesh.Core;

/// <summary>lab.json, as the lab writes it.</summary>
internal sealed record LabStateFile
{
    public required int ProcessId { get; init; }

    public required string Path { get; init; }

    public required int VmCount { get; init; }

    public bool Detached { get; init; }

    public int? ParentId { get; init; }

    public required Uri AdminEndpoint { get; init; }

    public required string AdminToken { get; init; }

    public required string Kubeconfig { get; init; }

    public required string MeshKubeconfig { get; init; }

    public required string AsmEndpoint { get; init; }

    public required string MeshId { get; init; }

    public required string Region { get; init; }

    public required string AccessKeyId { get; init; }

    public required string AccessKeySecret { get; init; }

    public required string IngressAddress { get; init; }

    public required string VmPath { get; init; }

    public required IReadOnlyList<string> SshCommands { get; init; }

    public required IReadOnlyList<string> KubectlCommands { get; init; }

    public MeshLab ToLab() => new()
    {
        Path = Path,
        VmCount = VmCount,
        Kubeconfig = Kubeconfig,
        MeshKubeconfig = MeshKubeconfig,
        AsmEndpoint = AsmEndpoint,
        MeshId = MeshId,
        Region = Region,
        AccessKeyId = AccessKeyId,
        AccessKeySecret = AccessKeySecret,
        IngressAddress = IngressAddress,
        VmPath = VmPath,
        SshCommand = SshCommands,
        KubectlCommand = KubectlCommands,
        ProcessId = ProcessId,
        Detached = Detached,
        ParentId = ParentId,
    };
}
