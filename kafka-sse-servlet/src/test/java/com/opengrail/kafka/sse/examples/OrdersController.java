package com.opengrail.kafka.sse.examples;

import com.opengrail.kafka.sse.KafkaSse;
import com.opengrail.kafka.sse.StreamOptions;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import java.util.List;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/** A Spring MVC controller whose methods stream, each in its own way. */
@Controller
public class OrdersController {
    private final KafkaSse engine;

    /** The engine is a bean, which Spring closes. */
    public OrdersController(KafkaSse engine) {
        this.engine = engine;
    }

    /** The topic is a part of the path; it must be an allowed one. */
    @GetMapping("/streams/{topic}")
    public void stream(@PathVariable("topic") String topic, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        engine.stream(request, response, StreamOptions.defaults().withTopics(List.of(topic)));
    }

    /** Each user gets their own orders: those whose key, the event's name, is the user's name. */
    @GetMapping("/mine/{topic}")
    public void mine(
            @PathVariable("topic") String topic,
            Principal principal,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        String user = principal.getName();
        engine.stream(
                request,
                response,
                StreamOptions.defaults().withTopics(List.of(topic)).withEvents(event -> user.equals(event.name())));
    }
}
