BeforeAll {
    . $PSScriptRoot/common.ps1
    $null = Connect-TestMesh -Namespace pester-pod
    $manifest = Join-Path $TestDrive 'pod.yaml'
    Set-Content $manifest @'
apiVersion: apps/v1
kind: Deployment
metadata: { name: hello }
spec:
  replicas: 2
  selector: { matchLabels: { app: hello } }
  template:
    metadata: { labels: { app: hello, version: v2 } }
    spec: { containers: [{ name: hello, image: registry.example/demo/http_springboot_v2:1.0.1, ports: [{ containerPort: 8001 }] }] }
'@
    $null = Publish-MeshManifest $manifest -Wait
}

AfterAll {
    $null = Remove-MeshManifest $manifest -Confirm:$false
    Disconnect-Mesh
}

Describe 'Get-MeshPod' {
    It 'gives ready pods with address, version and containers' {
        $pods = Get-MeshPod -Label @{ app = 'hello' }

        $pods | Should -HaveCount 2
        $pods.Ready | Should -Be $true, $true
        $pods.Version | Should -Be v2, v2
        $pods[0].Containers | Should -Be hello
        $pods[0].Address | Should -Not -Be $pods[1].Address
    }

    It 'takes patterns' {
        Get-MeshPod hello-* | Should -HaveCount 2
        Get-MeshPod nothing-* | Should -BeNullOrEmpty
    }

    It 'says that a name does not exist' {
        { Get-MeshPod nothing -ErrorAction Stop } | Should -Throw '*nothing*' -ErrorId 'ObjectNotFound,*'
    }

    It 'says that a namespace does not exist, and nothing of an empty one' {
        { Get-MeshPod -Namespace pester-pdo -ErrorAction Stop } |
            Should -Throw "*Namespace 'pester-pdo' does not exist*" -ErrorId 'ObjectNotFound,*'
        Get-MeshPod -Namespace default -Label app=nothing -ErrorAction Stop | Should -BeNullOrEmpty
    }

    It 'can be cut short' {
        Get-MeshPod | Select-Object -First 1 | Should -HaveCount 1
    }
}
