using Xunit;

namespace HybridMesh.Testing;

/// <summary>A test that builds a package; counted as skipped where there is no dpkg-deb.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DpkgFactAttribute : FactAttribute
{
    public DpkgFactAttribute()
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (!folders.Any(folder => File.Exists(Path.Combine(folder, "dpkg-deb"))))
        {
            Skip = "dpkg-deb is not on PATH.";
        }
    }
}
