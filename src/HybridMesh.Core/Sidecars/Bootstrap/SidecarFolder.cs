namespace HybridMesh.Core;

/// <summary>
/// A folder of bootstrap files: only its owner reads what is secret, and no file is ever half-written.
/// </summary>
internal sealed class SidecarFolder
{
    private SidecarFolder(string path) => Path = path;

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The folder of a VM, or the given one without a VM.</summary>
    /// <exception cref="MeshException">ArgumentInvalid, when the VM's name leads elsewhere.</exception>
    public static SidecarFolder Of(string outputPath, MeshVm? vm)
    {
        if (vm is null)
        {
            return new(outputPath);
        }

        bool isPlain = vm.Name is not ("" or "." or "..") && !vm.Name.AsSpan().ContainsAny('/', '\\', ':')
            && !vm.Name.Any(char.IsControl) && vm.Name == vm.Name.Trim();
        return isPlain || IsAddress(vm.Name)
            ? new(System.IO.Path.Combine(outputPath, vm.Name.Replace(':', '-')))
            : throw new MeshException(
                MeshErrorCode.ArgumentInvalid,
                $"VM {vm} can't give its folder a name: '{vm.Name}' is a path or no file name. Rename the VM.", vm);
    }

    /// <summary>The content of a file; null when there is none.</summary>
    public async Task<byte[]?> FindAsync(string name, CancellationToken cancellationToken)
    {
        string path = System.IO.Path.Combine(Path, name);
        return File.Exists(path) ? await TextFile.ReadBytesAsync(path, cancellationToken).ConfigureAwait(false) : null;
    }

    /// <summary>Writes the files whose content or mode differs.</summary>
    public async Task<ChangeAction> WriteAsync(IReadOnlyList<SidecarFile> files, CancellationToken cancellationToken)
    {
        try
        {
            PrivateFolder.Create(Path);
            bool any = false;
            bool written = false;
            foreach (SidecarFile file in files)
            {
                byte[]? before = await FindAsync(file.Name, cancellationToken).ConfigureAwait(false);
                any |= before is not null;
                if (before is null || !before.AsSpan().SequenceEqual(file.GetBytes()) || IsTooOpen(file))
                {
                    await WholeFile.WriteAsync(
                        System.IO.Path.Combine(Path, file.Name), file.GetBytes(), file.IsSecret, cancellationToken)
                        .ConfigureAwait(false);
                    written = true;
                }
            }

            return !written ? ChangeAction.Unchanged : any ? ChangeAction.Updated : ChangeAction.Created;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MeshException(
                MeshErrorCode.ArgumentInvalid, $"The folder '{Path}' can't be written: {e.Message}", Path, e);
        }
    }

    // An IPv6 address is a VM's name when it has no other.
    private static bool IsAddress(string name) => System.Net.IPAddress.TryParse(name, out _) && !name.Contains('%');

    // istioctl leaves its token readable by everyone.
    private bool IsTooOpen(SidecarFile file) => !OperatingSystem.IsWindows() && file.IsSecret
        && File.GetUnixFileMode(System.IO.Path.Combine(Path, file.Name)) != WholeFile.Private;
}
