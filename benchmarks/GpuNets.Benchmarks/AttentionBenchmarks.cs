using BenchmarkDotNet.Attributes;
using GpuNets.Kernels;

namespace GpuNets.Benchmarks;

/// <summary>
/// Attention with the heads of the Transformer's base model, on the device that GPUNETS_DEVICE names (the host's cores by default). The
/// baseline holds all scores. Each method waits for the device once.
/// </summary>
public class AttentionBenchmarks
{
    private const int Heads = 8, Size = 64;

    private Device? _device;
    private Tensor? _query, _key, _value, _gradient;
    private AttentionOptions _options = new();
    private KeyValueCache? _cache;
    private Tensor? _step;

    /// <summary>Samples.</summary>
    [Params(1, 16)]
    public int Batch { get; set; } = 1;

    /// <summary>Steps of a sequence.</summary>
    [Params(64, 512)]
    public int Time { get; set; } = 512;

    /// <summary>Whether later steps are hidden.</summary>
    [Params(false, true)]
    public bool Causal { get; set; }

    /// <summary>Makes data, and compiles the kernels.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _device = Device.Open(Environment.GetEnvironmentVariable(Device.EnvironmentVariable) ?? "cpu");
        Tensor Normal(ulong seed, int time) => _device.RandomNormal((Batch, time, Heads * Size), new Philox(seed));
        (_query, _key, _value, _gradient, _step) = (Normal(1, Time), Normal(2, Time), Normal(3, Time), Normal(4, Time), Normal(5, 1));
        _options = new AttentionOptions { Heads = Heads, Causal = Causal ? CausalMask.FromStart : CausalMask.None };
        _cache = Filled(_device, _key, _value);
    }

    /// <summary>Frees the device.</summary>
    [GlobalCleanup]
    public void Cleanup()
    {
        _cache!.Dispose();
        _device!.Dispose();
    }

    /// <summary>Products, softmax and product, with all scores in memory.</summary>
    [Benchmark(Baseline = true), BenchmarkCategory("Forward")]
    public void Materialised()
    {
        using var scope = _device!.Scope();
        var shape = new AttentionShape("Attention", _query!, _key!, _value!, _options);
        var output = Tensor.Empty(_device, shape.Output, "Attention");
        BlockedAttention.Forward(shape.Problem(_options, _query!, dropout: false), shape.Result(output.Buffer), null, int.MaxValue);
        _device!.Synchronize();
    }

    /// <summary>The fused form.</summary>
    [Benchmark, BenchmarkCategory("Forward")]
    public void Fused()
    {
        using var scope = _device!.Scope();
        _query!.Attention(_key!, _value!, _options);
        _device!.Synchronize();
    }

    /// <summary>One query per sample to all steps of a cache.</summary>
    [Benchmark, BenchmarkCategory("Forward")]
    public void Decode()
    {
        using var scope = _device!.Scope();
        _step!.Attention(_cache!);
        _device!.Synchronize();
    }

    /// <summary>Forward and all gradients.</summary>
    [Benchmark, BenchmarkCategory("Backward")]
    public void Training()
    {
        using var tape = _device!.Record();
        foreach (var input in new[] { _query!, _key!, _value! }) tape.Watch(input);
        tape.Backward(_query!.Attention(_key!, _value!, _options), _gradient!);
        _device!.Synchronize();
    }

    private KeyValueCache Filled(Device device, Tensor key, Tensor value)
    {
        var cache = new KeyValueCache(device, Batch, Heads, Size, capacity: Time);
        cache.Append(key, value);
        return cache;
    }
}
