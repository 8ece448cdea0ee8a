namespace HybridMesh.Testing;

/// <summary>Finds the repository the tests were built from.</summary>
public static class RepositoryRoot
{
    /// <summary>The folder of HybridMesh.sln.</summary>
    public static string Path { get; } = Find();

    /// <summary>The built lab.</summary>
    public static string LabProgram => System.IO.Path.Combine(Path, "module", "lab", "HybridMesh.Lab.dll");

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "HybridMesh.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No HybridMesh.sln above '{AppContext.BaseDirectory}'.");
    }
}
