namespace GpuNets.Tests.BadInput;

/// <summary>Devices and tapes used after their end, or twice.</summary>
public sealed class LifetimeTests
{
    [Fact(Timeout = 300_000)]
    public async Task A_disposed_device_refuses_work()
    {
        await Task.Yield();
        var device = TestDevices.Open();
        var x = device.Tensor(1, 2, 3);
        device.Dispose();
        Assert.Contains("was disposed", Assert.Throws<ObjectDisposedException>(() => x.ToArray()).Message, StringComparison.Ordinal);
        Assert.Throws<ObjectDisposedException>(() => x.Slice(0, 0, 1));
        Assert.Throws<ObjectDisposedException>(() => x.Exp());
        Assert.Throws<ObjectDisposedException>(() => device.Tensor(1, 2, 3));
        Assert.Throws<ObjectDisposedException>(device.Record);
        Assert.Throws<ObjectDisposedException>(device.Synchronize);
        device.Dispose();   // twice is fine
    }

    [Fact(Timeout = 300_000)]
    public async Task A_tensor_of_a_disposed_tape_cannot_be_read()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        Tensor x;
        using (lease.Device.Record()) x = lease.Device.Tensor(1, 2, 3);
        var error = Assert.Throws<ObjectDisposedException>(() => x.ToArray());
        Assert.Contains("its tape or owner was disposed", error.Message, StringComparison.Ordinal);
        Assert.Throws<ObjectDisposedException>(() => x.Transpose(0, 0));
    }

    [Fact(Timeout = 300_000)]
    public async Task A_second_backward_is_refused()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        using var tape = lease.Device.Record();
        var x = tape.Watch(lease.Device.Tensor(2));
        var y = x.Tanh();
        tape.Backward(y);
        var error = Assert.Throws<InvalidOperationException>(() => tape.Backward(y));
        Assert.Equal("Backward already ran on this tape; record the step again on a new one.", error.Message);
    }

    [Fact(Timeout = 300_000)]
    public async Task Backward_of_a_disposed_tape_is_refused()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        Tape tape;
        Tensor y;
        using (tape = lease.Device.Record()) y = tape.Watch(lease.Device.Tensor(2)).Tanh();
        Assert.Throws<ObjectDisposedException>(() => tape.Backward(y));
    }

    [Fact(Timeout = 300_000)]
    public async Task Backward_of_what_nothing_leads_to_is_refused()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        using var tape = lease.Device.Record();
        var error = Assert.Throws<InvalidOperationException>(() => tape.Backward(lease.Device.Tensor(2).Tanh()));
        Assert.Equal("Backward: no recorded operation on a parameter or watched tensor leads to this output.", error.Message);
    }

    [Fact(Timeout = 300_000)]
    public async Task Backward_of_a_vector_asks_for_its_gradient()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        using var tape = lease.Device.Record();
        var y = tape.Watch(lease.Device.Tensor(1, 2)).Tanh();
        var error = Assert.Throws<ShapeException>(() => tape.Backward(y));
        Assert.Equal("Backward: the loss must have one element, got [2]; reduce it or pass its gradient.", error.Message);
        error = Assert.Throws<ShapeException>(() => tape.Backward(y, lease.Device.Tensor(1)));
        Assert.Equal("Backward: the gradient has shape [1] but the output [2].", error.Message);
    }

    [Fact(Timeout = 300_000)]
    public async Task Two_tapes_at_once_are_refused()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        using var tape = lease.Device.Record();
        var error = Assert.Throws<InvalidOperationException>(lease.Device.Record);
        Assert.Equal($"A tape is already open on {lease.Device}; dispose it before opening another.", error.Message);
    }
}
