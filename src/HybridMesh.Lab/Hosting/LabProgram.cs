namespace HybridMesh.Lab;

/// <summary>Where this executable and the runtime under it lie.</summary>
internal static class LabProgram
{
    /// <summary>The lab's own dll.</summary>
    public static string Assembly { get; } = typeof(LabProgram).Assembly.Location;

    /// <summary>The dotnet executable that runs the lab.</summary>
    public static string DotNet { get; } = FindDotNet();

    /// <summary>What every place must be able to read, though it may lie under /tmp or on a partition.</summary>
    public static IReadOnlyList<string> Folders { get; } =
        [.. ((string[])[AppContext.BaseDirectory.TrimEnd('/'), System.IO.Path.GetDirectoryName(DotNet)!]).Distinct()];

    /// <summary>One of the shell scripts that ship next to the dll.</summary>
    public static string Script(string name) => System.IO.Path.Combine(AppContext.BaseDirectory, "Scripts", name);

    private static string FindDotNet()
    {
        // <root>/shared/Microsoft.NETCore.App/<version>/System.Private.CoreLib.dll
        string runtime = System.IO.Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        string root = System.IO.Path.GetFullPath(System.IO.Path.Combine(runtime, "../../.."));
        return System.IO.Path.Combine(root, "dotnet");
    }
}
