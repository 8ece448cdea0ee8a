namespace HybridMesh.Shell;

/// <summary>Finds the module's manifest from the program's folder upwards.</summary>
internal static class ModuleFinder
{
    public const string ManifestName = "HybridMesh.psd1";

    public static string? Find(string folder)
    {
        for (DirectoryInfo? here = new(folder); here is not null; here = here.Parent)
        {
            string manifest = Path.Combine(here.FullName, ManifestName);
            if (File.Exists(manifest))
            {
                return manifest;
            }
        }

        return null;
    }
}
