namespace HybridMesh.Kubernetes.Tests;

/// <summary>A test that needs running pods, which only the lab promises.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PodFactAttribute : FactAttribute
{
    public PodFactAttribute()
    {
        if (TestSettings.Current is not null)
        {
            Skip = "The API server of test.settings.json need not run pods; without that file the lab's pods are used.";
        }
    }
}
