# Dot-sourced by the tests of weights: a VirtualService with two routes over the lab's VMs, in a namespace of its own.
function New-TestRoute {
    param([Parameter(Mandatory)] [string] $Namespace)

    $null = Connect-TestMesh -Namespace $Namespace
    $null = Get-TestVm | New-MeshVmApp -ServiceName routes-svc -Port http:8001
    $destinations = foreach ($weights in @(30, 60, 10), @(90, 5, 5)) {
        , @(0..2 | ForEach-Object { @{ destination = @{ host = 'routes-svc'; subset = "v$($_ + 1)" }; weight = $weights[$_] } })
    }
    $objects = @(
        @{
            apiVersion = 'networking.istio.io/v1beta1'; kind = 'DestinationRule'
            metadata   = @{ name = 'routes-dr'; namespace = $Namespace }
            spec       = @{ host = 'routes-svc'; subsets = @('v1', 'v2', 'v3' | ForEach-Object { @{ name = $_; labels = @{ version = $_ } } }) }
        }
        @{
            apiVersion = 'networking.istio.io/v1beta1'; kind = 'VirtualService'
            metadata   = @{ name = 'routes-vs'; namespace = $Namespace }
            spec       = @{
                hosts = @('routes-svc')
                http  = @(
                    @{ name = 'hello-route'; match = @(@{ uri = @{ prefix = '/hello' } }); route = $destinations[0] }
                    @{ name = 'bye-route'; match = @(@{ uri = @{ exact = '/bye' } }); route = $destinations[1] }
                )
            }
        }
    )
    $manifest = Join-Path ([IO.Path]::GetTempPath()) "hybridmesh-pester-$PID-$Namespace.yaml"
    Set-Content $manifest (($objects | ForEach-Object { ConvertTo-Json $_ -Depth 9 }) -join "`n---`n")
    try {
        $null = Publish-MeshManifest -Path $manifest -Force
    }
    finally {
        Remove-Item $manifest
    }
}
