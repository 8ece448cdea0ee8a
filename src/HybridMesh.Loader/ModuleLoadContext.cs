using System.Reflection;
using System.Runtime.Loader;

namespace HybridMesh.Loader;

/// <summary>
/// The private load context of the cmdlets and every package they use, so that another module's KubernetesClient or
/// BouncyCastle never meets ours. HybridMesh.Core goes to the default context, so that its types resolve in scripts.
/// </summary>
public sealed class ModuleLoadContext : AssemblyLoadContext
{
    private static readonly object Gate = new();
    private static ModuleLoadContext? _instance;

    private readonly string _folder;

    private ModuleLoadContext(string folder)
        : base("HybridMesh", isCollectible: false) => _folder = folder;

    /// <summary>Loads the cmdlet assembly; a second call in the same process gives the one already loaded.</summary>
    /// <param name="folder">The folder with the module's assemblies.</param>
    public static Assembly Initialize(string folder)
    {
        lock (Gate)
        {
            _instance ??= new ModuleLoadContext(folder);
            return _instance.LoadFromAssemblyName(new AssemblyName("HybridMesh.Cmdlets"));
        }
    }

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        ArgumentNullException.ThrowIfNull(assemblyName);
        string path = Path.Combine(_folder, assemblyName.Name + ".dll");
        if (!File.Exists(path))
        {
            return null; // the host's copy: the base class library and PowerShell itself
        }

        return assemblyName.Name is "HybridMesh.Core" or "HybridMesh.Loader"
            ? Default.LoadFromAssemblyPath(path)
            : LoadFromAssemblyPath(path);
    }
}
