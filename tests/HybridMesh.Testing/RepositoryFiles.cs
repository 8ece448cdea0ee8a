namespace HybridMesh.Testing;

/// <summary>Where the repository's files are, found by walking up from the test assembly.</summary>
public static class RepositoryFiles
{
    /// <summary>The folder that holds HybridMesh.psd1.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The module's manifest.</summary>
    public static string Manifest => Path.Combine(Root, "HybridMesh.psd1");

    /// <summary>The module's table views.</summary>
    public static IReadOnlyList<string> Formats =>
        [.. Directory.GetFiles(Path.Combine(Root, "module"), "*.Format.ps1xml").Order(StringComparer.Ordinal)];

    /// <summary>The module's extended types.</summary>
    public static string Types => Path.Combine(Root, "module", "HybridMesh.Types.ps1xml");

    /// <summary>The built lab.</summary>
    public static string LabProgram => Path.Combine(Root, "module", "lab", "HybridMesh.Lab.dll");

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "HybridMesh.psd1")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No folder above '{AppContext.BaseDirectory}' holds HybridMesh.psd1.");
    }
}
