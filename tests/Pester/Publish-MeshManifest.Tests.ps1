BeforeAll {
    . $PSScriptRoot/common.ps1
    $null = Connect-TestMesh -Namespace pester-publish

    function New-Manifest([int] $Replicas = 1, [string] $Image = 'registry.example/demo/http_springboot_v1:1.0.1') {
        $path = Join-Path $TestDrive 'manifests'
        $null = New-Item $path -ItemType Directory -Force
        Set-Content (Join-Path $path 'app.yaml') @"
apiVersion: v1
kind: Namespace
metadata: { name: pester-publish }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: hello }
spec:
  replicas: $Replicas
  selector: { matchLabels: { app: hello } }
  template:
    metadata: { labels: { app: hello, version: v1 } }
    spec:
      containers:
      - name: hello
        image: $Image
        ports: [{ containerPort: 8001 }]
---
apiVersion: v1
kind: Service
metadata: { name: hello-svc }
spec: { selector: { app: hello }, ports: [{ name: http, port: 8004, targetPort: 8001 }] }
---
apiVersion: networking.istio.io/v1beta1
kind: Gateway
metadata: { name: hello-gateway }
spec: { selector: { istio: ingressgateway }, servers: [{ port: { number: 8104, name: http, protocol: HTTP }, hosts: ['*'] }] }
"@
        $path
    }
}

AfterAll {
    Get-ChildItem $TestDrive -Directory | ForEach-Object { Remove-MeshManifest $_ -Confirm:$false }
    Disconnect-Mesh
}

Describe 'Publish-MeshManifest' {
    It 'creates each object on its plane and waits for the pods' {
        $objects = Publish-MeshManifest (New-Manifest) -Wait

        $objects | ForEach-Object { "$($_.Kind) $($_.Plane)" } |
            Should -Be 'Namespace Data', 'Namespace Control', 'Deployment Data', 'Service Data', 'Gateway Control'
        ($objects | Where-Object Kind -ne Namespace).Action | Should -Be Created, Created, Created
        (Get-MeshPod -Label app=hello).Ready | Should -BeTrue
    }

    It 'is Unchanged the second time' {
        (Publish-MeshManifest (New-Manifest)).Action | Select-Object -Unique | Should -Be Unchanged
    }

    It 'tells by -WhatIf what would change and changes nothing' {
        $manifest = New-Manifest -Replicas 2

        $text = pwsh -NoProfile -Command "
            Import-Module '$RepositoryRoot/HybridMesh.psd1'
            Connect-Mesh -Lab -LabPath '$TestLabPath' -Namespace pester-publish
            Publish-MeshManifest '$manifest' -WhatIf" | Out-String

        $text | Should -BeLike '*update spec.replicas: 1 -> 2*Deployment pester-publish/hello on the data plane*'
        @($text -split "`n" -like 'What if*') | Should -HaveCount 1
        @(Get-MeshPod -Label app=hello) | Should -HaveCount 1
    }

    It 'names field and manager in a conflict, and takes over with -Force' -Skip:(-not (Get-Command kubectl -ErrorAction Ignore)) {
        kubectl --kubeconfig (Get-TestLab).Kubeconfig -n pester-publish patch deployment hello --type merge -p '{"spec":{"replicas":3}}' | Out-Null
        $manifest = New-Manifest -Replicas 1

        { Publish-MeshManifest $manifest -ErrorAction Stop } |
            Should -Throw '*spec.replicas*kubectl-patch*-Force*' -ErrorId 'Conflict,*'
        (Publish-MeshManifest $manifest -Force | Where-Object Kind -eq Deployment).Action | Should -Be Updated
    }

    It 'names the image that can not be pulled' {
        $manifest = New-Manifest -Image 'registry.example/demo/unknown:1'

        Publish-MeshManifest $manifest -Wait -TimeoutSec 3 -ErrorAction SilentlyContinue -ErrorVariable failed | Out-Null

        $failed[0].FullyQualifiedErrorId | Should -BeLike 'TimedOut,*'
        "$($failed[0])" | Should -BeLike '*Deployment pester-publish/hello*ImagePullBackOff*'
        $failed[0].TargetObject.Name | Should -Be hello
    }
}
