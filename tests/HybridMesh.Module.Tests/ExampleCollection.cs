namespace HybridMesh.Module.Tests;

/// <summary>The tests of all examples share one lab: a mesh serves several namespaces at once.</summary>
[CollectionDefinition(Name)]
public sealed class ExampleCollection : ICollectionFixture<ExampleRun>
{
    /// <summary>What the classes of tests name it by.</summary>
    public const string Name = "examples";
}
