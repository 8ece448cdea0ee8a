namespace HybridMesh.Core;

/// <summary>Reads bootstrap files back that New-VmSidecarConfig -OutputPath wrote.</summary>
public static class SidecarConfigFolder
{
    /// <summary>The files of one VM: those in the sub-folder of its name, else those in the folder itself.</summary>
    /// <exception cref="MeshException">FileNotFound, naming the folders looked into.</exception>
    public static VmSidecarConfig Read(string path, MeshVm vm)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(vm);
        string own = SidecarFolder.Of(path, vm).Path;
        string folder = ((string[])[own, path])
            .FirstOrDefault(item => File.Exists(Path.Combine(item, SidecarFileNames.ClusterEnv)))
            ?? throw new MeshException(
                MeshErrorCode.FileNotFound,
                $"There is no {SidecarFileNames.ClusterEnv} for VM {vm} in '{own}'; make the files with "
                + "New-VmSidecarConfig -OutputPath.",
                vm);
        SidecarFile[] files = [.. SidecarFileOrder.Names.Where(name => File.Exists(Path.Combine(folder, name)))
            .Select(name => new SidecarFile(name, Bytes(Path.Combine(folder, name), vm)))];
        return Of(vm, files) with { OutputPath = folder };
    }

    private static VmSidecarConfig Of(MeshVm vm, SidecarFile[] files)
    {
        string? Text(string name) => files.FirstOrDefault(file => file.Name == name)?.GetText();
        SidecarEnv environment = SidecarEnv.Parse(Text(SidecarFileNames.ClusterEnv)!);
        return new VmSidecarConfig
        {
            Vm = vm,
            Files = files,
            // Of the two only istioctl's files have a mesh configuration.
            Provider = Text(SidecarFileNames.MeshConfig) is null ? MeshProvider.Asm : MeshProvider.Istio,
            Namespace = environment.Namespace ?? "",
            WorkloadName = environment.WorkloadName ?? "",
            ServiceAccount = environment.ServiceAccount ?? "",
            ClusterId = environment["ISTIO_META_CLUSTER_ID"],
            Network = environment["ISTIO_META_NETWORK"],
            Labels = environment.Labels,
            Version = environment.Version,
            TokenExpires = TokenFacts.Read(Text(SidecarFileNames.Token))?.Expires,
            RootCertificateExpires = CertificateFacts.Read(Text(SidecarFileNames.RootCert))?.Expires,
        };
    }

    private static byte[] Bytes(string path, MeshVm vm)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MeshException(MeshErrorCode.FileNotFound, $"'{path}' can't be read: {e.Message}", vm, e);
        }
    }
}
