namespace HybridMesh.Core;

/// <summary>Finds and reads manifest files.</summary>
public static class ManifestFiles
{
    private static readonly string[] Extensions = [".yaml", ".yml", ".json"];

    /// <summary>
    /// The objects of files and folders: of a folder, its .yaml, .yml and .json files in ordinal order of their names,
    /// without subfolders. Namespaces come first, the rest as written.
    /// </summary>
    /// <exception cref="MeshException">FileNotFound, or ManifestInvalid naming file and line.</exception>
    public static async Task<IReadOnlyList<Manifest>> ReadAsync(
        IEnumerable<string> paths, IManifestReader reader, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(reader);
        List<Manifest> manifests = [];
        foreach (string file in paths.SelectMany(Find).Distinct(StringComparer.Ordinal))
        {
            manifests.AddRange(reader.Read(await ReadTextAsync(file, cancellationToken).ConfigureAwait(false), file));
        }

        return [.. manifests.OrderBy(manifest => manifest is { Kind: "Namespace", Group: "" } ? 0 : 1)];
    }

    private static IReadOnlyList<string> Find(string path)
    {
        if (File.Exists(path))
        {
            return [path];
        }

        if (!Directory.Exists(path))
        {
            throw new MeshException(MeshErrorCode.FileNotFound, $"There is no file or folder '{path}'.", path);
        }

        string[] files = [.. Directory.EnumerateFiles(path)
            .Where(file => Extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
            .Order(StringComparer.Ordinal)];
        return files.Length > 0
            ? files
            : throw new MeshException(
                MeshErrorCode.FileNotFound,
                $"The folder '{path}' has no manifests ({string.Join(", ", Extensions)}); subfolders are not searched.",
                path);
    }

    private static async Task<string> ReadTextAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            return await File.ReadAllTextAsync(file, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MeshException(
                MeshErrorCode.FileNotFound, $"The file '{file}' can't be read: {e.Message}", file, e);
        }
    }
}
